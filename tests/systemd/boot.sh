#!/bin/bash
# boot.sh VENV REPOSITORY RESULTS: boots this machine's own system in a container, over an overlay that is thrown away, with
# the product from VENV at /opt/zhishou, and lets drive.py of the repository watch the real unit there. Writes into RESULTS.
# Started under `unshare --mount`, so that every mount made here ends with it.
set -euo pipefail
venv=$1 repository=$2 results=$3

mount -t tmpfs tmpfs "$results/stage"
cd "$results/stage"
mkdir upper work root
mkdir -p upper/opt upper/etc/systemd/system upper/drive
cp -a "$venv" upper/opt/zhishou
# The only thing in a venv that knows its folder are the first lines of its scripts.
find upper/opt/zhishou/bin -maxdepth 1 -type f -exec sed -i "1s|^#!$venv/|#!/opt/zhishou/|" {} +
cp -a "$repository/systemd" "$repository/tests/systemd/drive.py" upper/drive/
cat >upper/etc/systemd/system/drive.service <<EOF
[Unit]
Description=watch the unit under test
SuccessAction=poweroff-force
FailureAction=poweroff-force
[Service]
Type=oneshot
WorkingDirectory=/drive
ExecStart=/opt/zhishou/bin/python /drive/drive.py /results
StandardOutput=file:/results/drive.txt
StandardError=inherit
TimeoutStartSec=450
EOF
# A machine of its own, or it would take up the journal of this one.
tr -d - </proc/sys/kernel/random/uuid >upper/etc/machine-id
mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root
exec systemd-nspawn --quiet --register=no --keep-unit --directory=root --private-network --bind="$results:/results" \
  --boot systemd.unit=basic.target systemd.wants=drive.service
