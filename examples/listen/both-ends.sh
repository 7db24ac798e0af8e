#!/bin/sh
# Both ends of a way: HOST tells by ssh what arrives there, this machine asks and judges. Ends with the audit's exit code.
# The key is made for this run and stands on no command line.
# Usage: both-ends.sh HOST POLICY [PORTS]
host=${1:?HOST, where probes should arrive} policy=${2:?POLICY, the file that is audited} ports=${3:-1-1024}
PORTOLAN_KEY=$(node -e "process.stdout.write(require('node:crypto').randomBytes(24).toString('base64'))")
export PORTOLAN_KEY
printf '%s\n' "$PORTOLAN_KEY" |
  ssh "$host" "IFS= read -r PORTOLAN_KEY && export PORTOLAN_KEY && exec portolan listen -p '$ports'" |
  portolan audit --arrived - "$policy"
