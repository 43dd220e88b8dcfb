#!/usr/bin/env bash
# Writes what the checked-out merge of a pull request does to the timeline, as Markdown, into the file that is named.
set -euo pipefail

base="$(git rev-parse --short HEAD^1)"
head="$(git rev-parse --short HEAD)"
if ! tracker changes --form markdown "$base" "$head" >"$1" 2>"$1.log"; then
  {
    echo "## What this does to the timeline"
    echo
    echo "It cannot be worked out: the log of the check says why."
  } >"$1"
fi
# What it says may be a pull request's own words: between these two lines GitHub takes none of it as a command.
stop="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
echo "::stop-commands::$stop"
sed 's/^/| /' "$1.log"
echo "::$stop::"
