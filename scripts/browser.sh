#!/usr/bin/env bash
# Sees to it that the browser tests find Chromium and a font for Chinese; installs both where it may.
set -euo pipefail

has_browser() { [ -n "${CHROMIUM:-}" ] || command -v chromium chromium-browser google-chrome >/dev/null; }
has_font() { compgen -G "/usr/share/fonts/opentype/noto/NotoSansCJK*" >/dev/null || { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-tw)" ]; }; }

if has_browser && has_font; then exit 0; fi

missing="chromium fonts-noto-cjk"
as_root=""
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root="sudo"; else as_root="none"; fi
fi
if [ "$as_root" = "none" ] || ! command -v apt-get >/dev/null; then
  echo "The browser tests need Chromium and a font for Chinese. On Debian: sudo apt-get install $missing" >&2
  echo "Elsewhere install them as is usual there; CHROMIUM=/path/to/it names a browser that is not found." >&2
  exit 1
fi
echo "Installing $missing …"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086  two packages, two words
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
