#!/bin/sh
# Publishes a policy folder: validate, format, test, diff, build, sign, verify, push. The first no ends it.
#
#   publish.sh check     what a proposal must pass; needs neither key nor server
#   publish.sh           all of it
#
# POLICIES         the folder (default: policies)
# GUARDRAILS       a folder of guardrails that is built in (default: none)
# BASE             the folder as it is on the main branch, for the diff of `check` (default: none)
# FORBID_WIDENING  1: nothing that lets more through is published, or passes the check
# TENANT           whose policy it is (default: default)
# SERIAL           grows with every run: GITHUB_RUN_NUMBER, CI_PIPELINE_IID
# NOT_AFTER        when servers stop taking it, such as 2026-12-31T00:00:00Z (default: never)
# KEY, PUBLIC_KEY  files of the signing key and of its public half
# SLUICE_SERVER, SLUICE_TOKEN_FILE  where it goes, and the credential of an operator with the role author
# SLUICE           how the command is called (default: npx sluice)
set -eu

policies=${POLICIES:-policies}
tenant=${TENANT:-default}
bundle=$(mktemp)
trap 'rm -f "$bundle"' EXIT

sluice() {
  # Of several words.
  # shellcheck disable=SC2086
  ${SLUICE:-npx sluice} "$@"
}
step() { echo "== $1" >&2; }
need() { eval "[ -n \"\${$1:-}\" ]" || { echo "publish.sh: set $1" >&2; exit 2; }; }

case "${1:-publish}" in
check) ;;
publish) for name in SERIAL KEY PUBLIC_KEY SLUICE_SERVER SLUICE_TOKEN_FILE; do need "$name"; done ;;
*) echo "publish.sh: check, or nothing, is expected" >&2; exit 2 ;;
esac

widening=""
if [ "${FORBID_WIDENING:-}" = 1 ]; then widening=--forbid-widening; fi

step validate
sluice policy validate --strict "$policies" ${GUARDRAILS:+--guardrails "$GUARDRAILS"}
step format
sluice policy fmt --check "$policies"
step test
sluice policy test "$policies" --coverage ${GUARDRAILS:+--guardrails "$GUARDRAILS"}

if [ "${1:-publish}" = check ]; then
  if [ -n "${BASE:-}" ]; then
    step diff
    sluice policy diff "$BASE" "$policies" $widening
  fi
  exit 0
fi

step "build and sign"
sluice policy build "$policies" -o "$bundle" --tenant "$tenant" --serial "$SERIAL" --key "$KEY" \
  ${NOT_AFTER:+--not-after "$NOT_AFTER"} ${GUARDRAILS:+--guardrails "$GUARDRAILS"}
step verify
sluice policy verify "$bundle" --key "$PUBLIC_KEY" --tenant "$tenant"
step "diff and push"
sluice policy push "$bundle" --tenant "$tenant" --yes $widening
