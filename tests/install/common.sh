# For the tests of this folder.

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# expect STATUS TEXT COMMAND...: the command ends with this status and prints the text somewhere.
expect() {
  local status=$1 text=$2 got=0 output
  shift 2
  output=$("$@" 2>&1) || got=$?
  [[ $got == "$status" ]] || fail "status $got instead of $status: $*
$output"
  grep -qF -- "$text" <<<"$output" || fail "'$text' is not in what this printed: $*
$output"
}
