/// What the services of a soak do: each writes records into its volume, as fast as a small database, for as long as it
/// runs.
///
/// A record is a line: the version, the instance, what tells the process apart from all others, a number that goes up
/// from 1, and a checksum of the other three numbers. A process that is alone with its volume holds a lock on the file
/// `lock` there, and notes in `conflicts` if another one has it. No child of the process is given the lock, so that it is
/// free as soon as the process has ended. An image without `flock` has the order of the records alone to tell.
enum SoakWriter {
  /// The program, for the shell of any system. `VERSION` is the version; with `FAILS`, it gives up after a few records.
  ///
  /// - Parameter isAlone: whether no other process may write to the volume at the same time.
  static func script(isAlone: Bool) -> String {
    let lock = #"""
      if command -v flock > /dev/null; then
        exec 9>>data/lock
        flock -n 9 || echo "$VERSION $BERTH_INSTANCE $$" >> data/conflicts
      fi
      """#
    return #"""
      set -- $(cat /proc/$$/stat)
      shift 21
      process=$$.$1
      \#(isAlone ? lock : ":")
      n=0
      while :; do
        n=$((n + 1))
        echo "$VERSION $BERTH_INSTANCE $process $n $(((VERSION * 31 + $$ * 17 + n) % 65521))" >> data/records || exit 9
        if [ -z "$FAILS" ]; then sleep 0.2 9>&-; elif [ $n -ge 3 ]; then exit 3; fi
      done
      """#
  }
}
