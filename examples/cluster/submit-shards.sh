#!/bin/bash
# Submit a benchmark in shards, and the merge of their results after the last one.
#   ./submit-shards.sh                                             the paper's protocol in 20 shards
#   SHARDS=50 PROTOCOL="--samples 50 --settings cosine,energy" ./submit-shards.sh
set -euo pipefail
export SHARDS="${SHARDS:-20}" PROTOCOL="${PROTOCOL:---samples 50}" BRAGGSCAPE="${BRAGGSCAPE:-braggscape}"
mkdir -p shards
shards="$(sbatch --parsable --export=ALL --array="1-$SHARDS" shards.sbatch)"
sbatch --dependency="afterok:${shards%%;*}" --job-name=braggscape-merge --ntasks=1 --mem=4G --time=00:30:00 --output=shards/log-merge.txt \
  --wrap="$BRAGGSCAPE benchmark merge shards/[0-9]* -o paper"
