#!/bin/sh
# A pipeline's step: start what is to be judged, judge it, keep the report, end with the audit's exit code.
cd "$(dirname "$0")" || exit 2
report=${1:-report.xml}
node -e "require('node:http').createServer((question, answer) => answer.end('hello')).listen(18080, '127.0.0.1')" &
server=$!
trap 'kill "$server"' EXIT
until node -e "require('node:net').connect(18080, '127.0.0.1').on('error', () => process.exit(1)).on('connect', () => process.exit(0))"; do :; done
node ../../bin/portolan.js audit --junit "$report" policy.yaml
