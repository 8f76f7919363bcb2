import Testing

@testable import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder with files that look like those of a hierarchy of control groups.
final class GroupTree {
  let top: String

  init() throws {
    var template = Array("/tmp/berth-groups-XXXXXX".utf8CString)
    top = try #require(mkdtemp(&template).map { String(cString: $0) })
  }

  deinit { try? Files.remove(top) }

  /// Makes a group of version 2.
  ///
  /// - Parameter type: what `cgroup.type` says; the outermost group has no such file.
  func make(
    _ path: String, controllers: String = "cpu memory pids", handsOn: String = "", processes: String = "",
    type: String? = "domain"
  ) throws {
    try write(path + "/cgroup.controllers", controllers)
    try write(path + "/cgroup.subtree_control", handsOn)
    try write(path + "/cgroup.procs", processes)
    if let type { try write(path + "/cgroup.type", type) }
  }

  func write(_ path: String, _ text: String) throws {
    let path = top + path
    try Files.makeFolders(String(path[..<path.lastIndex(of: "/")!]))
    try Files.replace(path, with: Array("\(text)\n".utf8), durably: false)
  }

  func text(_ path: String) -> String { GroupFile.text(top + path) }

  /// The hierarchy as one sees it who is in a group.
  func unified(own: String) -> GroupHierarchy {
    GroupHierarchy(isUnified: true, controllers: [], top: top, own: top + own)
  }

  /// The same as a hierarchy of version 1.
  func separate(_ controllers: Set<String>, own: String) -> GroupHierarchy {
    GroupHierarchy(isUnified: false, controllers: controllers, top: top, own: top + own)
  }
}
