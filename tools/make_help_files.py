#!/usr/bin/env python3
"""Make the manual page and the shell completions of wcheck from what its --help says.

usage: make_help_files.py WCHECK OUTPUT-DIR

Writes wcheck.1, and the completions wcheck.bash, _wcheck (zsh) and wcheck.fish. The same program
gives the same bytes.
"""
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field

OPTION = re.compile(r"  (-{1,2}[\w-]+)(?:=<([^>]+)>)? +- (.*)")
ALIAS = re.compile(r"  (-{1,2}[\w-]+) +- Alias for (\S+)")
COMMAND = re.compile(r"  ([a-z]+) {2,}(\S.*)")
# "How to report: text, json, … (default: text)", "Write dot (default) or svg": words of which one is
# the value.
WORDS = re.compile(r"(?:^|: |Write |of )([\w.]+(?:(?: \(default\))?(?:, or |, | or )[\w.]+)+)")


@dataclass
class Option:
    name: str           # with its dashes
    value: str          # what stands for the value, "" for a flag
    help: str
    heading: str

    def choices(self):
        """The words that its value can be, if the help lists them."""
        match = WORDS.search(self.help.replace(" (default)", "").replace(", or ", ", "))
        if not match or self.value in ("", "file", "dir", "glob", "text", "check", "check=level", "n"):
            return []
        return re.split(r", | or ", match[1])


@dataclass
class Command:
    name: str
    summary: str
    usage: str = ""
    overview: str = ""
    ending: str = ""    # what the help says after the options
    options: list = field(default_factory=list)


def help_of(program, *words):
    return subprocess.run([program, *words, "--help"], check=True, stdout=subprocess.PIPE,
                          encoding="utf-8").stdout


def read_command(program, name, summary):
    command = Command(name, summary)
    heading, ending = "", []
    for line in help_of(program, name).splitlines():
        option = OPTION.match(line)
        if line.startswith("OVERVIEW: "):
            command.overview = line.removeprefix("OVERVIEW: ")
        elif line.startswith("USAGE: "):
            command.usage = line.removeprefix("USAGE: ")
        elif option and not ending:
            command.options.append(Option(option[1], option[2] or "", option[3], heading))
        elif command.options and line.startswith("   ") and not ending:
            command.options[-1].help += " " + line.strip()
        elif re.fullmatch(r"[A-Z][\w ]*:", line) and line != "OPTIONS:" and not ending:
            heading = line.removesuffix(":")
        elif line.strip() and line != "OPTIONS:" or ending:
            ending.append(line)
    command.ending = "\n".join(ending).strip()
    return command


def read_commands(program):
    text = help_of(program)
    table = text[text.index("COMMANDS"):]
    found = [m for m in map(COMMAND.match, table.splitlines()) if m]
    if not found:
        sys.exit(f"make_help_files.py: the help of {program} lists no commands")
    return [read_command(program, match[1], match[2]) for match in found]


# --- Manual page ----------------------------------------------------------------------------------


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in text.splitlines())


def manual(commands, version):
    default = commands[0]
    out = [
        f'.TH WCHECK 1 "" "wcheck {version}" "User Commands"',
        ".SH NAME",
        "wcheck \\- " + roff(default.overview[0].lower() + default.overview[1:].rstrip(".")),
        ".SH SYNOPSIS",
    ]
    out += [f".br\n.B {roff(command.usage)}" for command in commands]
    out += [".SH DESCRIPTION", roff(default.overview),
            "Without the name of a command, wcheck does what", f".B wcheck {default.name}", "does."]
    for command in commands:
        out += [f".SH {command.name.upper()}", roff(command.overview), ".PP", f".B {roff(command.usage)}"]
        for option in command.options:
            if option.name in ("--help", "--version"):
                continue
            value = f"=\\fI{roff(option.value)}\\fR" if option.value else ""
            out += [".TP", f"\\fB{roff(option.name)}\\fR{value}", roff(option.help)]
        ending = command.ending if command is not default else ""
        if ending:
            out += [".PP", ".nf", roff(ending), ".fi"]
    out += [
        ".SH EXIT STATUS",
        ".TP", "0", "Done; nothing that makes the run fail was found.",
        ".TP", "1", "Done; something was found.",
        ".TP", "2", "Bad usage or input; nothing was written.",
    ]
    return "\n".join(out) + "\n"


# --- Completions ----------------------------------------------------------------------------------


def quoted(text):
    """For the inside of '…' in bash and zsh."""
    return text.replace("'", "'\\''")


def bash(commands):
    names = " ".join(command.name for command in commands)
    out = [
        "# bash completion of wcheck, made from its --help.",
        "_wcheck() {",
        "  local cur=${COMP_WORDS[COMP_CWORD]} option= command=" + commands[0].name + " options=",
        f"  local commands='{names}'",
        "  COMPREPLY=()",
        '  if [[ $COMP_CWORD -gt 1 && " $commands " == *" ${COMP_WORDS[1]} "* ]]; then',
        "    command=${COMP_WORDS[1]}",
        "  fi",
        "  # `--format=te` is three words to bash, `--format te` two.",
        "  if [[ $cur == = ]]; then",
        "    option=${COMP_WORDS[COMP_CWORD - 1]} cur=",
        "  elif [[ ${COMP_WORDS[COMP_CWORD - 1]} == = ]]; then",
        "    option=${COMP_WORDS[COMP_CWORD - 2]}",
        "  elif [[ ${COMP_WORDS[COMP_CWORD - 1]} == -* ]]; then",
        "    option=${COMP_WORDS[COMP_CWORD - 1]}",
        "  fi",
        '  case "$command $option" in',
    ]
    for command in commands:
        for option in command.options:
            if not option.value:
                continue
            words = option.choices()
            if words:
                action = f"COMPREPLY=($(compgen -W '{' '.join(words)}' -- \"$cur\"))"
            elif option.value == "file":
                action = 'COMPREPLY=($(compgen -f -- "$cur"))'
            elif option.value == "dir":
                action = 'COMPREPLY=($(compgen -d -- "$cur"))'
            else:
                action = ":"
            out += [f"    '{command.name} {option.name}') {action}; return ;;"]
    out += ["  esac", "  case $command in"]
    for command in commands:
        words = " ".join(o.name + ("=" if o.value and o.name.startswith("--") else "") for o in command.options)
        out += [f"    {command.name}) options='{words}' ;;"]
    out += [
        "  esac",
        "  if [[ $cur == -* ]]; then",
        '    COMPREPLY=($(compgen -W "$options" -- "$cur"))',
        "    [[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null",
        "  else",
        '    COMPREPLY=($(compgen -f -- "$cur"))',
        '    [[ $COMP_CWORD -gt 1 ]] || COMPREPLY+=($(compgen -W "$commands" -- "$cur"))',
        "  fi",
        "}",
        "complete -o filenames -F _wcheck wcheck",
    ]
    return "\n".join(out) + "\n"


def zsh(commands):
    def spec(option):
        text = quoted(re.sub(r"([\[\]:])", r"\\\1", option.help))
        if not option.value:
            return f"'{option.name}[{text}]'"
        words = option.choices()
        action = {"file": "_files", "dir": "_files -/"}.get(option.value, "")
        action = f"({' '.join(words)})" if words else action
        # -o FILE or -o=FILE, --option=VALUE or --option VALUE.
        return f"'{option.name}=[{text}]:{option.value.replace(':', '')}:{action}'"

    out = [
        "#compdef wcheck",
        "# zsh completion of wcheck, made from its --help.",
        "_wcheck() {",
        "  local -a commands",
        "  commands=(",
        *(f"    '{command.name}:{quoted(command.summary)}'" for command in commands),
        "  )",
        "  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then",
        "    _describe command commands",
        "    _files",
        "    return",
        "  fi",
        f"  local command={commands[0].name}",
        "  if (( ${commands[(I)$words[2]:*]} )); then",
        "    command=$words[2]",
        "    shift words",
        "    (( CURRENT-- ))",
        "  fi",
        "  case $command in",
    ]
    for command in commands:
        specs = [spec(option) for option in command.options] + ["'*:file:_files'"]
        out += [f"    {command.name})", "      _arguments \\"]
        out += [" \\\n".join("        " + text for text in specs), "      ;;"]
    out += ["  esac", "}", '_wcheck "$@"']
    return "\n".join(out) + "\n"


def fish(commands):
    def text(words):
        return words.replace("\\", "\\\\").replace("'", "\\'")

    names = " ".join(command.name for command in commands)
    none = f"not __fish_seen_subcommand_from {names}"
    out = ["# fish completion of wcheck, made from its --help."]
    for command in commands:
        out.append(f"complete -c wcheck -n '{none}' -a {command.name} -d '{text(command.summary)}'")
    for number, command in enumerate(commands):
        conditions = [f"__fish_seen_subcommand_from {command.name}"] + ([none] if number == 0 else [])
        for condition in conditions:
            for option in command.options:
                name = option.name.lstrip("-")
                line = f"complete -c wcheck -n '{condition}' {'-l' if option.name.startswith('--') else '-s'} {name}"
                words = option.choices()
                if words:
                    line += f" -x -a '{' '.join(words)}'"
                elif option.value == "dir":
                    line += " -x -a '(__fish_complete_directories)'"
                elif option.value:
                    line += " -r"
                out.append(f"{line} -d '{text(option.help)}'")
    return "\n".join(out) + "\n"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    program, folder = sys.argv[1:]
    version = subprocess.run([program, "--version"], check=True, stdout=subprocess.PIPE,
                             encoding="utf-8").stdout.split()[-1]
    commands = read_commands(program)
    os.makedirs(folder, exist_ok=True)
    for name, content in (("wcheck.1", manual(commands, version)), ("wcheck.bash", bash(commands)),
                          ("_wcheck", zsh(commands)), ("wcheck.fish", fish(commands))):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(content)


if __name__ == "__main__":
    main()
