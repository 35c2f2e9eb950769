#!/bin/sh
# Runs a systemd in namespaces of its own, on what is this machine's file system to look at and memory to write to: nothing that it or its
# units do is seen outside. Its cgroup is named by the first argument, an empty folder for its root by the second, the checkout by the third.
set -e
cgroup=$1 scratch=$2 checkout=$3

if [ "$4" != inside ]; then
  for tree in /sys/fs/cgroup/systemd /sys/fs/cgroup; do
    [ -e $tree/cgroup.procs ] || continue
    mkdir -p "$tree/$cgroup"
    echo $$ > "$tree/$cgroup/cgroup.procs"
    break
  done
  exec unshare --mount --net --pid --fork --kill-child --uts --ipc --cgroup "$0" "$cgroup" "$scratch" "$checkout" inside
fi

mount --make-rprivate /
mount -t tmpfs tmpfs "$scratch"
mkdir "$scratch/written" "$scratch/work" "$scratch/root"
mount -t overlay -o "lowerdir=/,upperdir=$scratch/written,workdir=$scratch/work" overlay "$scratch/root"
cd "$scratch/root"
[ -e "./$checkout/kubernest" ] || mount --bind "$checkout" "./$checkout"
# No unit but those that are asked for: others would set up a machine.
rm -rf lib/systemd/system/*.wants etc/systemd/system/*.wants usr/lib/tmpfiles.d/*
printf '[Unit]\nDefaultDependencies=no\n' > etc/systemd/system/nothing.target
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs -o mode=755 tmpfs run
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
if [ -e /sys/fs/cgroup/cgroup.procs ]; then
  mount -t cgroup2 cgroup2 sys/fs/cgroup
else
  mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
  mkdir sys/fs/cgroup/systemd
  mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
fi
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero random urandom full tty; do
  : > dev/$device
  mount --bind /dev/$device dev/$device
done
mkdir dev/shm
mount -t tmpfs tmpfs dev/shm
# A node has an address.
ip link set lo up
ip address add 192.0.2.1/32 dev lo
exec chroot . env -i container=docker PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=nothing.target --show-status=no
