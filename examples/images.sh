#!/bin/sh
# Makes the images that the examples use from this machine's busybox and kubectl, without a registry, and loads them:
#   examples/images.sh [flags of ./kubernest image load, such as --name]
set -eu
here=$(dirname "$(readlink -f "$0")")
root=$(mktemp -d)
trap 'rm -rf "$root" "$root.tar"' EXIT

# A program into the image, with the libraries that it asks for.
add() {
  cp -L "$(command -v "$1")" "$root/bin/$1"
  for library in $(ldd "$root/bin/$1" 2>/dev/null | grep -o '/[^ )]*'); do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
}
load() {
  name=$1
  shift
  tar -C "$root" -cf "$root.tar" .
  "$here/../kubernest" image load "$root.tar" --as "$name" "$@"
}

mkdir -p "$root/bin" "$root/etc" "$root/tmp"
chmod 755 "$root"
chmod 1777 "$root/tmp"
add busybox
for applet in $("$root/bin/busybox" --list); do
  [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"
done
load web:1 "$@"
add kubectl
load client:1 "$@"
