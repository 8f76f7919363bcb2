import Values
import WorkloadSpec

/// What a service may use, apart from `deploy`.
extension ServiceImport {
  /// An amount of memory; 0 says nothing.
  mutating func readAmount(_ entry: ComposeEntry, _ field: WritableKeyPath<Resources, ByteQuantity?>) {
    if let bytes = bytes(entry.value, for: entry.key) { draft.resources[keyPath: field] = bytes }
  }

  /// How many processes there may be; 0 and -1 are without limit.
  mutating func readProcessLimit(_ node: ComposeNode, for key: String) {
    guard let count = integer(node, for: key), count > 0 else { return }
    draft.resources.pids = count
  }

  /// A whole number that the spec has in a field of Docker's own, unless it is 0, which says nothing.
  mutating func stateNumber(_ entry: ComposeEntry, as field: String) {
    guard let number = integer(entry.value, for: entry.key), number != 0 else { return }
    draft.stated[["on", "docker", field]] = .plain(Value(number))
  }

  /// Memory and what may be swapped out, of which a spec says the second alone.
  mutating func readSwap() {
    guard let node = node["memswap_limit"], !node.isNull, let text = filled(node, for: "memswap_limit") else {
      return
    }
    if ComposeAmount.isZero(text) { return }
    guard let memory = draft.resources.memory else {
      return differs(
        "`memswap_limit` of `\(draft.composeName)` says nothing without a limit of memory", at: node.location,
        help: "write `mem_limit` beside it")
    }
    if text == "-1" {
      draft.resources.swap = ByteQuantity(bytes: 1 << 40)
      return differs(
        "swap of `\(draft.composeName)` without a limit becomes one of 1Ti", at: node.location,
        help: "write how much it may swap out as `swap`")
    }
    guard let total = bytes(node, for: "memswap_limit") else { return }
    guard total.bytes >= memory.bytes else {
      return invalid(
        "`memswap_limit` is memory and swap together, and less than the memory", at: node.location,
        help: "write at least as much as the limit of memory")
    }
    if total.bytes > memory.bytes { draft.resources.swap = ByteQuantity(bytes: total.bytes - memory.bytes) }
  }

  /// Processor time as a part of a period.
  mutating func readQuota() {
    guard let node = node["cpu_quota"], !node.isNull, draft.resources.cpu == nil,
      let quota = microseconds(node, for: "cpu_quota"), quota > 0
    else { return }
    let stated = self.node["cpu_period"].flatMap { $0.isNull ? nil : microseconds($0, for: "cpu_period") }
    let period = stated.flatMap { $0 > 0 ? $0 : nil } ?? 100_000
    draft.resources.cpu = CPUQuantity(millicores: max(1, (quota * 1000 + period / 2) / period))
  }

  /// A length of time in microseconds, which compose takes without a unit, too.
  private mutating func microseconds(_ node: ComposeNode, for key: String) -> Int64? {
    guard let text = filled(node, for: key) else { return nil }
    return Int64(text) ?? duration(node, for: key).map { $0.milliseconds * 1000 }
  }

  /// Limits of processes: a number for both, or a mapping of `soft` and `hard`.
  mutating func readLimits(_ node: ComposeNode) {
    guard let entries = node.entries else {
      return invalid(
        "`ulimits` takes a mapping, not \(node.phrase)", at: node.location, help: "write `nofile: 65536`")
    }
    for entry in entries where !entry.key.hasPrefix("x-") {
      guard Ulimit.names.contains(entry.key) else {
        lost(
          "the limit `\(entry.key)`", at: entry.location,
          help: "the limits are " + Ulimit.names.map { "`\($0)`" }.joined(separator: ", "))
        continue
      }
      var limit = Ulimit()
      limit.name = entry.key
      if entry.value.entries != nil {
        reportUnread(of: entry.value, in: "ulimits", read: ["soft", "hard"])
        guard let soft = entry.value["soft"].flatMap({ integer($0, for: "soft") }),
          let hard = entry.value["hard"].flatMap({ integer($0, for: "hard") })
        else {
          invalid(
            "the limit `\(entry.key)` needs `soft` and `hard`", at: entry.location,
            help: "or write one number for both")
          continue
        }
        limit.soft = soft
        if hard != soft { limit.hard = hard }
      } else if let number = integer(entry.value, for: entry.key) {
        limit.soft = number
      } else {
        continue
      }
      draft.resources.ulimits.append(limit)
    }
    draft.resources.ulimits.sort { $0.precedes($1) }
  }

  /// How soon it is ended when memory runs out; 0 says nothing.
  mutating func readOutOfMemoryScore(_ node: ComposeNode) {
    guard let score = integer(node, for: "oom_score_adj"), score != 0 else { return }
    draft.resources.oomScore = score
  }

  /// How it shares disks with others.
  mutating func readDiskLimits(_ node: ComposeNode) {
    let help = "only its weight against others can be said"
    reportUnread(
      of: node, in: "blkio_config", read: ["weight"],
      lost: [
        "weight_device": help, "device_read_bps": help, "device_read_iops": help, "device_write_bps": help,
        "device_write_iops": help,
      ])
    guard let weight = node["weight"].flatMap({ integer($0, for: "weight") }), weight > 0 else { return }
    draft.stated[["on", "docker", "blockWeight"]] = .plain(Value(weight))
  }
}
