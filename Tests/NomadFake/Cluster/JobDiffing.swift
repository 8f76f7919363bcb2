import Values

/// What a plan tells of a job that would change, as far as a client heeds it. `nomad/structs/diff.go`.
enum JobDiffing {
  static func diff(_ old: JSON?, _ new: JSON, updates: [String: GroupPlan]) -> JSON {
    let type =
      old == nil ? "Added" : ClusterState.spec(old ?? .null) == ClusterState.spec(new) ? "None" : "Edited"
    let groups = groupDiffs(old, new, updates)
    let changed = fields(old ?? .null, new, except: ["TaskGroups", "Update"], all: old == nil)
    return [
      "Type": .string(type), "ID": new["ID"] ?? "", "Fields": list(changed), "Objects": .null,
      "TaskGroups": list(groups),
    ]
  }

  private static func groupDiffs(_ old: JSON?, _ new: JSON, _ updates: [String: GroupPlan]) -> [JSON] {
    let (before, after) = ((old ?? .null).elements("TaskGroups"), new.elements("TaskGroups"))
    let names = Set((before + after).map { $0.text("Name") }).sorted()
    return names.map { name in
      let (one, other) = (
        before.first { $0.text("Name") == name }, after.first { $0.text("Name") == name }
      )
      let type =
        one == nil
        ? "Added"
        : other == nil
          ? "Deleted"
          : ClusterState.sorted(one ?? .null) == ClusterState.sorted(other ?? .null) ? "None" : "Edited"
      let plan = updates[name] ?? GroupPlan()
      var counts: [String: Int] = [:]
      for (key, count) in [
        ("create", plan.place), ("destroy", plan.stop), ("ignore", plan.ignore),
        ("in-place update", plan.inPlace),
        ("create/destroy update", plan.destructive), ("canary", plan.canary), ("migrate", plan.migrate),
      ] where count > 0 {
        counts[key] = count
      }
      return [
        "Type": .string(type), "Name": .string(name),
        "Fields": list(fields(one ?? .null, other ?? .null, except: ["Tasks"], all: one == nil)),
        "Objects": .null, "Tasks": list(taskDiffs(one, other)), "Updates": .counts(counts),
      ]
    }
  }

  private static func taskDiffs(_ old: JSON?, _ new: JSON?) -> [JSON] {
    let (before, after) = ((old ?? .null).elements("Tasks"), (new ?? .null).elements("Tasks"))
    return Set((before + after).map { $0.text("Name") }).sorted().map { name in
      let (one, other) = (
        before.first { $0.text("Name") == name }, after.first { $0.text("Name") == name }
      )
      let type =
        one == nil
        ? "Added"
        : other == nil
          ? "Deleted"
          : ClusterState.sorted(one ?? .null) == ClusterState.sorted(other ?? .null) ? "None" : "Edited"
      let changed = fields(one ?? .null, other ?? .null, except: [], all: one == nil)
      return [
        "Type": .string(type), "Name": .string(name), "Fields": list(changed), "Objects": .null,
        "Annotations": type == "Edited" ? ["forces create/destroy update"] : .null,
      ]
    }
  }

  /// Members that are no objects, and what is in maps of texts: `Meta[run]`, `Env[PORT]`, `Config[image]`.
  private static func fields(_ old: JSON, _ new: JSON, except: Set<String>, all: Bool) -> [JSON] {
    let (before, after) = (flat(old, except), flat(new, except))
    return Set(before.keys).union(after.keys).sorted().compactMap { name in
      let (one, other) = (before[name] ?? "", after[name] ?? "")
      guard one != other else { return nil }
      let type = one.isEmpty ? "Added" : other.isEmpty ? "Deleted" : "Edited"
      return [
        "Type": .string(type), "Name": .string(name), "Old": .string(one), "New": .string(other),
        "Annotations": .null,
      ]
    }
  }

  private static let written: Set<String> = [
    "Status", "StatusDescription", "Stable", "Version", "SubmitTime", "CreateIndex", "ModifyIndex",
    "JobModifyIndex",
  ]

  private static func flat(_ json: JSON, _ except: Set<String>) -> [String: String] {
    var flat: [String: String] = [:]
    for member in json.members ?? [] where !except.contains(member.key) && !written.contains(member.key) {
      switch member.value {
      case .object(let members) where ["Meta", "Env", "Config"].contains(member.key):
        for inner in members { flat["\(member.key)[\(inner.key)]"] = text(inner.value) }
      case .object, .array, .null: break
      default: flat[member.key] = text(member.value)
      }
    }
    return flat
  }

  private static func text(_ json: JSON) -> String { json.string ?? json.text }
  private static func list(_ elements: [JSON]) -> JSON { elements.isEmpty ? .null : .array(elements) }
}
