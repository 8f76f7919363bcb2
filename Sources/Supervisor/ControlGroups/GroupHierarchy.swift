/// A mounted hierarchy of control groups, and where in it this process is.
struct GroupHierarchy: Equatable {
  /// Whether it is the one of version 2. Of version 1, there is one for each controller or few of them.
  let isUnified: Bool
  /// The controllers of a hierarchy of version 1.
  let controllers: Set<String>
  /// The folder that it is mounted at.
  let top: String
  /// The folder of the group that this process is in.
  let own: String

  /// The hierarchies of this machine that this process can see its place in.
  static func mounted() -> [GroupHierarchy] {
    func text(_ path: String) -> String {
      String(decoding: (try? Files.read(path)).flatMap { $0 } ?? [], as: UTF8.self)
    }
    return parse(mounts: text("/proc/self/mountinfo"), membership: text("/proc/self/cgroup"))
  }

  /// Reads what proc(5) and cgroups(7) describe.
  ///
  /// - Parameters:
  ///   - mounts: `/proc/self/mountinfo`.
  ///   - membership: `/proc/self/cgroup`.
  static func parse(mounts: String, membership: String) -> [GroupHierarchy] {
    var places: [Set<String>: String] = [:]
    for line in membership.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      places[Set(parts[1].split(separator: ",").map(String.init))] = String(parts[2])
    }
    return mounts.split(separator: "\n").compactMap { line in
      let halves = line.split(separator: " - ", maxSplits: 1)
      guard halves.count == 2 else { return nil }
      let (mount, source) = (halves[0].split(separator: " "), halves[1].split(separator: " "))
      guard mount.count > 4, source.count > 2, source[0] == "cgroup" || source[0] == "cgroup2" else {
        return nil
      }
      let isUnified = source[0] == "cgroup2"
      let options = Set(source[2].split(separator: ",").map(String.init))
      let controllers = isUnified ? [] : places.keys.first { !$0.isEmpty && $0.isSubset(of: options) }
      guard let controllers, let place = places[controllers],
        let path = below(String(mount[3]), place)
      else { return nil }
      let top = String(mount[4])
      return GroupHierarchy(isUnified: isUnified, controllers: controllers, top: top, own: top + path)
    }
  }

  /// The rest of a path below another one: empty if they are the same, else with a slash at its start; `nil` if
  /// it is not below it. A container may see only a part of a hierarchy.
  private static func below(_ root: String, _ path: String) -> String? {
    let (root, path) = (root == "/" ? "" : root, path == "/" ? "" : path)
    guard path.hasPrefix(root), !path.contains("/..") else { return nil }
    let rest = path.dropFirst(root.count)
    return rest.isEmpty || rest.hasPrefix("/") ? String(rest) : nil
  }

  /// The folders from a process's own group up to the top.
  var ancestry: [String] {
    var folders = [own]
    var folder = own
    while folder != top, let slash = folder.lastIndex(of: "/") {
      folder = String(folder[..<slash])
      folders.append(folder)
    }
    return folders
  }
}
