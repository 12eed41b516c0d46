#!/usr/bin/env bash
# Installs what is missing for the parts named: build, test, web, browser, bench, peers. Does nothing (in well under a second) when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
need() { # need PACKAGE TEST-COMMAND...
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || packages+=("$package")
}
# libclang-cpp is another library: it alone does not do.
libclang_there() {
  local folder
  for folder in /usr/lib/llvm-*/lib /usr/lib/*-linux-gnu /usr/lib64; do
    compgen -G "$folder/libclang.so*" || compgen -G "$folder/libclang-[0-9]*.so*" || continue
    return 0
  done
  return 1
}
libpq_there() { [ -e /usr/include/postgresql/libpq-fe.h ] || [ -e /usr/include/libpq-fe.h ]; }
chromium_there() { command -v chromium || command -v chromium-browser || command -v google-chrome || [ -x "${PAIBAN_CHROMIUM:-}" ]; }
chinese_font_there() { command -v fc-list && [ -n "$(fc-list :lang=zh-cn family | head -n 1)" ]; }
# Writer alone also brings soffice, which then cannot open a workbook.
soffice_there() { [ -x "${PAIBAN_SOFFICE:-}" ] || { command -v soffice && compgen -G '/usr/lib*/libreoffice/program/libsc*lo.so'; }; }
node_new_enough() { command -v npm && node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; }
postgres_there() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb; }

command -v cargo >/dev/null || {
  echo "setup: cargo is missing: install Rust 1.95 or newer from https://rustup.rs and try again" >&2
  exit 1
}
for part in "$@"; do
  case $part in
    build)
      need g++ command -v c++
      need cmake command -v cmake
      need libclang-dev libclang_there
      need libpq-dev libpq_there
      ;;
    test)
      need postgresql postgres_there
      need util-linux command -v runuser
      need libreoffice-calc-nogui soffice_there
      need poppler-utils command -v pdftotext
      need fonts-noto-cjk chinese_font_there
      ;;
    web)
      node_new_enough >/dev/null 2>&1 || {
        echo "setup: the web app needs Node 20.19 or newer with npm: install it from https://nodejs.org and try again" >&2
        exit 1
      }
      ;;
    browser)
      need chromium chromium_there
      need sqlite3 command -v sqlite3
      need fonts-noto-cjk chinese_font_there
      ;;
    bench)
      need wrk command -v wrk
      need python3 command -v python3
      ;;
    peers)
      need python3-venv python3 -c 'import ensurepip, venv'
      need openjdk-17-jdk-headless command -v javac
      ;;
    *)
      echo "setup: unknown part '$part' (build, test, web, browser, bench, peers)" >&2
      exit 1
      ;;
  esac
done

if [ ${#packages[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root=(sudo); else
      echo "setup: missing packages: install them with: sudo apt-get install ${packages[*]}" >&2
      exit 1
    fi
  fi
  command -v apt-get >/dev/null || {
    echo "setup: missing: ${packages[*]} (Debian names): install them with this system's package manager" >&2
    exit 1
  }
  echo "setup: installing ${packages[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}" >/dev/null
fi

# cargo-deny is built once into the target folder; the version is fixed so that every machine checks the same.
deny_version=0.20.2
if [[ " $* " == *" test "* ]] && ! target/tools/bin/cargo-deny --version 2>/dev/null | grep -qF "$deny_version"; then
  echo "setup: building cargo-deny $deny_version (once, some minutes)"
  cargo install cargo-deny --locked --version "$deny_version" --debug --root target/tools
fi
