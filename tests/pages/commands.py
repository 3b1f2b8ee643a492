"""What `docs/commands.md` lists: each command with its arguments and options."""

from collections.abc import Iterator
from pathlib import Path

import click
from livestorm_mock_server.cli import commands

from .parts import table_row

NAME = "livestorm-mock"


def command_sections() -> str:
    """Describe all commands in Markdown."""
    return "\n".join(section(path, one) for path, one in every_command())


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Give each command with the words that call it, a group before its own."""
    return _below(NAME, commands, click.Context(commands, info_name=NAME))


def section(path: str, command: click.Command) -> str:
    """Describe one: how it is called, what it does, its arguments and options."""
    context = click.Context(command, info_name=path)
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    rows = [_row(one, context) for one in options(command)]
    told = _joined(command.help or "")
    head = "| option | takes | default | meaning |\n|---|---|---|---|\n"
    table = f"\n{head}{''.join(rows)}" if rows else ""
    return f"## {path}\n\n`{usage}`\n\n{told}\n{table}"


def options(command: click.Command) -> list[click.Option]:
    """Give the options of a command that it shows."""
    shown = (one for one in command.params if isinstance(one, click.Option) and not one.hidden)
    return [*shown]


def _below(
    path: str, group: click.Group, context: click.Context
) -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from _below(f"{path} {name}", command, context)


def _row(option: click.Option, context: click.Context) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    told = [_joined(option.help or "")]
    if option.multiple:
        told.append("May be given several times.")
    if option.envvar:
        told.append(f"Without it, the environment's `{option.envvar}`.")
    return table_row(names, _taken(option, context), _default(option, context), " ".join(told))


def _taken(option: click.Option, context: click.Context) -> str:
    if option.is_flag:
        return ""
    kind = option.type
    if isinstance(kind, click.IntRange) and kind.min is not None:
        above = "or more" if kind.max is None else f"to {kind.max}"
        return f"an integer, {kind.min} {above}"
    return f"`{option.make_metavar(context)}`"


def _default(option: click.Option, context: click.Context) -> str:
    if isinstance(option.show_default, str):
        return option.show_default
    default = option.get_default(context)
    is_told = isinstance(default, str | int | float | Path) and not isinstance(default, bool)
    return f"`{default}`" if is_told else ""


def _joined(text: str) -> str:
    """Give a help text without the ends of its lines; a blank line stays."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))
