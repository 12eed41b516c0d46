#!/usr/bin/env bash
# Every page of the web app at 360 and 1440 pixels into screenshots/, from the binary on a temporary database.
# PAIBAN_SCREENSHOTS=all adds the English and the dark ones.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/web.sh
scripts/build.sh
npm --prefix web run --silent screenshots
echo "screenshots/ holds $(find screenshots -name '*.png' | wc -l) pictures"
