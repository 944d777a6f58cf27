#!/bin/bash
# Start a worker on each host by ssh, where there is no batch system. They end when there has been nothing to do for ten minutes, and leave a log in their home folder.
#   QUEUE=redis://head-node:6379 BRAGGSCAPE_REDIS_PASSWORD=… ./workers-ssh.sh node1 node2 node3
set -euo pipefail
: "${QUEUE:?set it to the address of the Redis server, such as redis://head-node:6379}"
[ "$#" -gt 0 ] || { echo "usage: $0 HOST…" >&2; exit 1; }
for host in "$@"; do
  # The password goes through the pipe: on a command line every user of the host could read it.
  printf '%s\n' "${BRAGGSCAPE_REDIS_PASSWORD:-}" | ${SSH:-ssh} "$host" "
    read -r password
    if [ -n \"\$password\" ]; then export BRAGGSCAPE_REDIS_PASSWORD=\"\$password\"; fi
    nohup ${BRAGGSCAPE:-braggscape} worker --redis '$QUEUE' --exit-when-idle 600 > braggscape-worker.log 2>&1 < /dev/null &
    echo \"\$(hostname): worker \$!\""
done
