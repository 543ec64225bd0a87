"""Speed and growth, measured on this machine and told as ratios: `make bench`.

The measure is the reference R (`reference`): a bare Flask view that does the same work without any of the house. Machines
differ and other work disturbs; two programs asked in turn, request by request, are disturbed alike. Hence every line is the
median, over several rounds, of the ratio within one round, with its 95 % interval; a bound holds when the whole interval
lies under it.
"""
