"""Essaimage: a workspace for each collective, a network that sees figures.

The map of the house, from the street to the cellar:

- `factory`      opens the house: settings, extensions, doors, rooms, in that order;
- `demo`         the demonstration network; never loaded in production;
- `desk`         what each role finds first;
- `reports`      the year of a collective, or of the network, told to everybody;
- `network`      figures of all collectives, never people;
- `followup`     step 4: permanences, activities, meetings with the network;
- `training`     step 3 of the method: the course;
- `referral`     step 2: what partners bring in, where people are taken along;
- `outreach`     step 1 of the method: doors, calls, streets;
- `people`       a person, as one collective knows them;
- `accounts`     who signs in; belongs to no collective;
- `tenants`      (beside this folder) the collectives, and the guard between them;
- `workers`      (beside this folder) what is done after the answer was given;
- `transaction`  one transaction for one request; `db` the tables' common ground.

People move forward through the rooms; imports point back.
"""
