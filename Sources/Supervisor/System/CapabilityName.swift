/// The capabilities of Linux (capabilities(7)) by their names without `CAP_`; the place in the list is the number.
package enum CapabilityName {
  /// All that there are names for.
  package static let all = [
    "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
    "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
    "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
    "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
    "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
    "CHECKPOINT_RESTORE",
  ]

  /// The bit of a capability; `nil` if there is none by that name. `ALL` is all bits.
  package static func bits(_ name: String) -> UInt64? {
    name == "ALL" ? .max : all.firstIndex(of: name).map { 1 << UInt64($0) }
  }

  /// The bits of capabilities; names that mean none are passed over.
  static func bits(_ names: [String]) -> UInt64 { names.reduce(0) { $0 | (bits($1) ?? 0) } }
}
