import Values

/// Puts a job together that takes the place of a live one: what berth makes, and what others have said of the live one and
/// berth has never said.
enum JobMerge {
  /// The job to write.
  ///
  /// - Parameters:
  ///   - made: what berth makes.
  ///   - live: what is there.
  ///   - last: what berth made of it last, as far as that is known: what is no more among what it makes goes.
  static func merge(_ made: JSON, onto live: JSON, last: JSON?) -> JSON {
    switch (made, live) {
    case (.object, .object(let members)): merge(made, members, last)
    case (.array(let elements), .array(let there)): .array(merge(elements, there, last))
    default: made
    }
  }

  private static func merge(_ made: JSON, _ members: [JSON.Member], _ last: JSON?) -> JSON {
    var result = made
    for member in members {
      let before = last?[member.key]
      if let new = made[member.key] {
        result[member.key] = merge(new, onto: member.value, last: before)
      } else if before == nil, !member.value.isNull {
        // What berth had made, and makes no more, goes; all else stays. A server writes nothing as `null`, and what it has added
        // by itself it adds again.
        result[member.key] =
          member.key == "Constraints" ? ImpliedConstraint.without(member.value, made: nil) : member.value
      }
    }
    return result
  }

  /// By which member the elements of lists are told apart; `nil` if a list is a whole.
  static func key(of elements: [JSON]) -> String? {
    guard !elements.isEmpty else { return nil }
    return ["DestPath", "Label", "Name", "Volume"].first { key in
      elements.allSatisfy { $0[key]?.string != nil }
    }
  }

  private static func merge(_ made: [JSON], _ live: [JSON], _ last: JSON?) -> [JSON] {
    let before = last?.array ?? []
    guard let key = key(of: made + live) else {
      // A group has one network.
      guard made.count == 1, live.count == 1, made[0].members != nil else { return made }
      return [merge(made[0], onto: live[0], last: before.first)]
    }
    func element(_ name: String?, in list: [JSON]) -> JSON? { list.first { $0[key]?.string == name } }
    var result = made.map { new in
      let name = new[key]?.string
      return element(name, in: live).map { merge(new, onto: $0, last: element(name, in: before)) } ?? new
    }
    for other in live where element(other[key]?.string, in: made) == nil {
      if element(other[key]?.string, in: before) == nil { result.append(other) }
    }
    return result
  }

  // MARK: In place

  /// A job in which only that is as berth makes it which Nomad changes without a new instance; all else is as it is.
  ///
  /// That a service's deadline is another one, or its name has another tag, must start no instance anew, whatever an earlier
  /// version of berth has written otherwise.
  static func inPlace(_ made: JSON, onto live: JSON, last: JSON?) -> JSON {
    let merged = merge(made, onto: live, last: last)
    var result = live
    result["Priority"] = merged["Priority"]
    for name in [JobNames.group, JobNames.marks] {
      guard let new = merged.group(name) else { continue }
      guard name == JobNames.group else {
        result.changeGroup(name) { $0 = new }
        continue
      }
      result.changeGroup(name) { group in
        for key in ofGroup { group[key] = new[key] }
        guard var tasks = group["Tasks"]?.array else { return }
        for index in tasks.indices {
          guard let task = new["Tasks"]?.array?.first(where: { $0["Name"] == tasks[index]["Name"] }) else {
            continue
          }
          for key in ofTask { tasks[index][key] = task[key] }
        }
        group["Tasks"] = .array(tasks)
      }
    }
    return result
  }

  /// What of a group Nomad changes in place.
  private static let ofGroup = [
    "Count", "Update", "Services", "Constraints", "ReschedulePolicy", "Migrate", "ShutdownDelay",
  ]
  /// What of a task Nomad changes in place.
  private static let ofTask = ["KillTimeout", "KillSignal", "LogConfig", "RestartPolicy", "ShutdownDelay"]
}
