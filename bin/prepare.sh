#!/bin/sh
# Installs the npm packages when they are missing or older than the lockfile, and says plainly what the machine lacks.
set -eu
cd "$(dirname "$0")/.."
stamp=node_modules/.package-lock.json
if [ ! -e "$stamp" ] || [ package-lock.json -nt "$stamp" ]; then
  if ! command -v npm >/dev/null 2>&1; then
    echo "fairlead: npm is missing: install Node.js 20 or newer (https://nodejs.org)" >&2
    exit 5
  fi
  echo "fairlead: installing npm packages …" >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
  touch "$stamp"
fi
