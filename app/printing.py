"""How a template prints a value: escaped as MarkupSafe does it, without making an object of each.

A list of fifty rows prints four hundred values, most of them text with nothing to escape in it. MarkupSafe makes an object of its own of
every one, which Jinja then joins to a string: a tenth of the time of a list page.
"""

import re
from typing import Any

from flask.templating import Environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr
from markupsafe import Markup, escape

_special = re.compile("[&<>\"']").search


def printed(value: Any) -> str:
    """The value as a page shows it: text escaped, markup as it is."""
    kind = type(value)
    if kind is Markup or (kind is str and not _special(value)):
        return value
    return escape(value)


class Printer(CodeGenerator):
    """Compiles what is printed where text is escaped to a call of `printed`; all else as Jinja does."""

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("environment.printed(")
        if finalize.src is not None:
            self.write(finalize.src)


class Press(Environment):
    """The templates' environment of this house."""

    code_generator_class = Printer
    printed = staticmethod(printed)
