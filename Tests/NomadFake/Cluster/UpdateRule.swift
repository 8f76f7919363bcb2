import Values

/// Whether a group's allocations have to be replaced for another version of the job. `scheduler/util.go`, `tasksUpdated`.
enum UpdateRule {
  private static let groupMembers = ["EphemeralDisk", "Networks", "Consul", "Volumes"]
  private static let taskMembers = [
    "Driver", "User", "Config", "Env", "Artifacts", "Vault", "Templates", "VolumeMounts", "Identity",
    "Identities", "CSIPluginConfig",
  ]
  private static let resourceMembers = ["CPU", "Cores", "MemoryMB", "MemoryMaxMB", "Networks", "Devices"]

  static func needsReplacement(_ old: JSON, _ new: JSON, group name: String) -> Bool {
    guard let before = group(old, name), let after = group(new, name) else { return true }
    if differ(before, after, groupMembers) { return true }
    let (tasks, others) = (before.elements("Tasks"), after.elements("Tasks"))
    guard tasks.count == others.count else { return true }
    return tasks.contains { task in
      guard let other = others.first(where: { $0.text("Name") == task.text("Name") }) else { return true }
      return differ(task, other, taskMembers)
        || differ(task["Resources"] ?? .null, other["Resources"] ?? .null, resourceMembers)
        || meta(old, before, task) != meta(new, after, other)
    }
  }

  /// What a task sees of what is noted on it, its group and its job.
  private static func meta(_ job: JSON, _ group: JSON, _ task: JSON) -> [String: String] {
    var meta = job["Meta"]?.strings ?? [:]
    meta.merge(group["Meta"]?.strings ?? [:]) { $1 }
    meta.merge(task["Meta"]?.strings ?? [:]) { $1 }
    return meta
  }

  private static func group(_ job: JSON, _ name: String) -> JSON? {
    job.elements("TaskGroups").first { $0.text("Name") == name }
  }

  private static func differ(_ left: JSON, _ right: JSON, _ members: [String]) -> Bool {
    members.contains {
      ClusterState.sorted(left[$0] ?? .null) != ClusterState.sorted(right[$0] ?? .null)
    }
  }
}
