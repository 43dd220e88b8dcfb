#!/usr/bin/env bash
# Publishes events.toml of this repository as a site on its branch gh-pages.
#
# The branch is the history of the feeds: what was published before is read back from it, so it is never
# written anew, only added to. Nothing is pushed where nothing has changed.
set -euo pipefail

tracker="${TRACKER:-tracker}"
branch="${BRANCH:-gh-pages}"
site="$(mktemp -d)"
trap 'rm -rf "$site"' EXIT

remote="$(git remote get-url origin)"
git -C "$site" init --quiet --initial-branch="$branch"
git -C "$site" remote add origin "$remote"
# A private repository is reached with what the checkout was given.
if header="$(git config --get-regexp '^http\..*\.extraheader$')"; then
  git -C "$site" config "${header%% *}" "${header#* }"
fi
if git -C "$site" fetch --quiet --depth 1 origin "$branch" 2>/dev/null; then
  git -C "$site" checkout --quiet -B "$branch" FETCH_HEAD
elif git ls-remote --exit-code origin "$branch" >/dev/null; then
  echo "The branch $branch is there and cannot be fetched: nothing is published." >&2
  exit 1
fi

"$tracker" publish "$site" "$@"

touch "$site/.nojekyll" # GitHub would leave out what begins with "_"
git -C "$site" add --all
if git -C "$site" diff --cached --quiet; then
  exit 0
fi
git -C "$site" -c user.name=tracker -c user.email=tracker@localhost \
  commit --quiet --message "What the events file says now"
git -C "$site" push --quiet origin "HEAD:$branch"
