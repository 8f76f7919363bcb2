import Foundation

/// Every process that lives below a home, as the system tells and not as berth does.
struct Census {
  /// A process of a service: the one that leads its group.
  struct Member: Hashable {
    let pid: Int64
    let workload: String
    let instance: String
    let service: String
    /// What the spec that it was started with gave it as `VERSION`.
    let version: String?
  }

  /// The services.
  private(set) var members: Set<Member> = []
  /// The folders of the instances that supervisors are in charge of, one for each supervisor.
  private(set) var supervised: [String] = []
  /// The supervisors.
  private(set) var supervisors: [Int32] = []

  init(home: String) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
      guard let pid = Int32(name), isRunning(Int64(pid)) else { continue }
      if getpgid(pid) == pid {
        let environment = Self.texts("/proc/\(pid)/environ")
        func value(_ name: String) -> String? {
          environment.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.utf8.count + 1)) }
        }
        if value("BERTH_ROOT")?.hasPrefix(home + "/") == true {
          members.insert(
            Member(
              pid: Int64(pid), workload: value("BERTH_WORKLOAD") ?? "",
              instance: value("BERTH_INSTANCE") ?? "",
              service: value("BERTH_SERVICE") ?? "", version: value("VERSION")))
        }
      }
      // A supervisor leads its session; its guard is a copy of it that does not.
      let arguments = Self.texts("/proc/\(pid)/cmdline")
      if getsid(pid) == pid, arguments.count == 3, arguments[0].hasPrefix(home + "/local/bin/") {
        supervised.append(arguments[2])
        supervisors.append(pid)
      }
    }
  }

  private static func texts(_ path: String) -> [String] {
    (FileManager.default.contents(atPath: path) ?? Data()).split(separator: 0)
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
