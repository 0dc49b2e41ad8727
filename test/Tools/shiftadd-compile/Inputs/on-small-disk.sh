# on-small-disk.sh FOLDER SIZE COMMAND...: runs the command with a file system
# of that size (bytes, or with a suffix) on the folder.
set -e
folder=$1 size=$2
shift 2
mount -t tmpfs -o "size=$size" none "$folder"
exec "$@"
