#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds out where this process may make control groups, and why it may not. It only looks.
package struct ControlGroupSearch: Equatable {
  /// The folders that were found.
  package private(set) var groups = ControlGroups()
  /// Why processor time can't be limited, if it can't be.
  package private(set) var cpuObstacle: String?
  /// Why memory can't be limited, if it can't be.
  package private(set) var memoryObstacle: String?
  /// Why the number of processes can't be limited, if it can't be.
  package private(set) var pidsObstacle: String?
  /// Why what is swapped out can't be limited, if it can't be.
  package private(set) var swapObstacle: String?

  /// A search among the hierarchies of this machine.
  package init() { self.init(GroupHierarchy.mounted()) }

  /// A search among hierarchies.
  init(_ hierarchies: [GroupHierarchy]) {
    let unified = hierarchies.first(where: \.isUnified)
    if let unified { groups.unified = Self.parent(in: unified) }
    (groups.cpu, cpuObstacle) = search("cpu", hierarchies)
    (groups.memory, memoryObstacle) = search("memory", hierarchies)
    (groups.pids, pidsObstacle) = search("pids", hierarchies)
    swapObstacle =
      memoryObstacle
      ?? (groups.memory == groups.unified
        ? nil : "control groups of version 1 limit memory and swap only as one")
  }

  private func search(_ controller: String, _ hierarchies: [GroupHierarchy]) -> (String?, String?) {
    if let hierarchy = hierarchies.first(where: { $0.controllers.contains(controller) }) {
      return Self.isWritable(hierarchy.own)
        ? (hierarchy.own, nil) : (nil, "the control group \(hierarchy.own) can't be written to")
    }
    guard let unified = hierarchies.first(where: \.isUnified) else {
      return (nil, "this system has no control groups that berth can see")
    }
    guard GroupFile.words(unified.top + "/cgroup.controllers").contains(controller) else {
      return (nil, "the control groups of this system have no controller `\(controller)`")
    }
    guard let parent = groups.unified else {
      return (nil, "the control group \(unified.own) can't be written to, and none above it")
    }
    return Self.canHandOn([controller], parent)
      ? (parent, nil) : (nil, "the control group \(unified.own) may not hand on `\(controller)`")
  }

  /// The folder of version 2 that serves best: the nearest that can hand on both controllers, or one of them, or
  /// else the nearest that can be written to.
  private static func parent(in hierarchy: GroupHierarchy) -> String? {
    let writable = hierarchy.ancestry.prefix { isWritable($0) }
    for controllers in [["cpu", "memory", "pids"], ["cpu", "memory"], ["memory"], ["cpu"]] {
      if let folder = writable.first(where: { canHandOn(controllers, $0) }) { return folder }
    }
    return writable.first
  }

  /// Whether groups can be made in a folder, and processes be moved there from below.
  private static func isWritable(_ folder: String) -> Bool {
    access(folder, W_OK) == 0 && access(folder + "/cgroup.procs", W_OK) == 0
  }

  /// Whether the groups in a folder of version 2 get controllers, or can be made to: those of a group that has
  /// processes itself can't, but for the outermost group, which has no type.
  private static func canHandOn(_ controllers: [String], _ folder: String) -> Bool {
    let missing = Set(controllers).subtracting(GroupFile.words(folder + "/cgroup.subtree_control"))
    if missing.isEmpty { return true }
    guard missing.isSubset(of: GroupFile.words(folder + "/cgroup.controllers")),
      access(folder + "/cgroup.subtree_control", W_OK) == 0
    else { return false }
    return Files.kind(folder + "/cgroup.type") == nil || GroupFile.words(folder + "/cgroup.procs").isEmpty
  }
}
