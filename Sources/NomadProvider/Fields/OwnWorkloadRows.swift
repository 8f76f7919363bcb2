import ProviderKit
import Values
import WorkloadSpec

extension NomadTable {
  // MARK: What only Nomad knows of a workload

  static let ofWorkload: [WorkloadRow] = placement + pace + besides

  private static let placement: [WorkloadRow] = [
    WorkloadRow(
      "priority", "`Priority` of the job", cost: .inPlace,
      write: { $1.job["Priority"] = .int(Int64($0.own.priority)) },
      read: { $1.priority = $0.json["Priority"]?.int.map { Int($0) } ?? 50 }),
    WorkloadRow(
      "network", "`Mode` of the network of the group", cost: .replace,
      read: { reading, own in
        guard let mode = reading.network?["Mode"]?.string, !mode.isEmpty else { return }
        let stated = reading.stamp.own.network
        let made = InstanceNetwork(stated, reading.writing.facts.driver).mode(
          of: reading.stamp.services.map(\.spec))
        own.network = mode == made ? stated : mode
      }),
    WorkloadRow(
      "constraints", "`Constraints` of the group", cost: .inPlace,
      write: { writing, draft in
        guard !writing.own.constraints.isEmpty else { return }
        draft.group["Constraints"] = .array(writing.own.constraints.map(\.json))
      },
      read: { reading, own in
        let stated = reading.stamp.own.constraints
        own.constraints = (reading.group["Constraints"]?.array ?? []).compactMap { live in
          let constraint = NomadConstraint(live)
          return ImpliedConstraint.isOne(live) && !stated.contains(constraint) ? nil : constraint
        }
      }),
    WorkloadRow(
      "affinities", "`Affinities` of the group", cost: .replace,
      write: { writing, draft in
        guard !writing.own.affinities.isEmpty else { return }
        draft.group["Affinities"] = .array(writing.own.affinities.map(\.json))
      },
      read: { reading, own in
        own.affinities = (reading.group["Affinities"]?.array ?? []).map { NomadAffinity($0) }
      }),
    WorkloadRow(
      "spreads", "`Spreads` of the group", cost: .replace,
      write: { writing, draft in
        guard !writing.own.spreads.isEmpty else { return }
        draft.group["Spreads"] = .array(writing.own.spreads.map(\.json))
      },
      read: { reading, own in
        own.spreads = (reading.group["Spreads"]?.array ?? []).map { NomadSpread($0) }
      }),
  ]

  private static let pace: [WorkloadRow] = [
    .duration("minHealthyTime", "`MinHealthyTime`", \.minHealthyTime, "MinHealthyTime"),
    .duration("healthyDeadline", "`HealthyDeadline`", \.healthyDeadline, "HealthyDeadline"),
    .duration("progressDeadline", "`ProgressDeadline`", \.progressDeadline, "ProgressDeadline"),
    WorkloadRow(
      "reschedule.attempts", "`ReschedulePolicy`: `Attempts`, or `Unlimited`", cost: .inPlace,
      write: { writing, draft in
        guard let policy = writing.own.reschedule else { return }
        var json: JSON = [
          "Interval": policy.interval.nanoseconds, "Delay": policy.delay.nanoseconds,
          "DelayFunction": .string(policy.growth.rawValue), "MaxDelay": policy.maxDelay.nanoseconds,
          "Unlimited": .bool(policy.attempts == nil),
        ]
        json["Attempts"] = .int(Int64(policy.attempts ?? 0))
        draft.group["ReschedulePolicy"] = json
      },
      read: { reading, own in
        // Without one that is stated, a server writes its own.
        guard reading.applied.own.reschedule != nil, let live = reading.group["ReschedulePolicy"] else {
          return
        }
        var policy = NomadReschedule()
        policy.attempts =
          live["Unlimited"]?.bool == true ? nil : live["Attempts"]?.int.map { Int($0) } ?? 0
        policy.interval = SpecDuration(nanoseconds: live["Interval"]) ?? policy.interval
        policy.delay = SpecDuration(nanoseconds: live["Delay"]) ?? policy.delay
        policy.growth = live["DelayFunction"]?.string.flatMap(DelayGrowth.init) ?? policy.growth
        policy.maxDelay = SpecDuration(nanoseconds: live["MaxDelay"]) ?? policy.maxDelay
        own.reschedule = policy
      }),
    WorkloadRow("reschedule.interval", "`Interval`", cost: .inPlace, read: { _, _ in }),
    WorkloadRow("reschedule.delay", "`Delay`", cost: .inPlace, read: { _, _ in }),
    WorkloadRow("reschedule.growth", "`DelayFunction`", cost: .inPlace, read: { _, _ in }),
    WorkloadRow("reschedule.maxDelay", "`MaxDelay`", cost: .inPlace, read: { _, _ in }),
  ]

  private static let besides: [WorkloadRow] = [
    WorkloadRow(
      "disk", "`Sticky` and `Migrate` of the `EphemeralDisk`", cost: .replace,
      write: { writing, draft in
        guard writing.own.disk != .isLost else { return }
        draft.group[["EphemeralDisk", "Sticky"]] = true
        if writing.own.disk == .migrates { draft.group[["EphemeralDisk", "Migrate"]] = true }
      },
      read: { reading, own in
        let disk = reading.group["EphemeralDisk"]
        if disk?["Migrate"]?.bool == true {
          own.disk = .migrates
        } else if disk?["Sticky"]?.bool == true {
          own.disk = .isSticky
        }
      }),
    WorkloadRow(
      "meta", "`Meta` of the job", cost: .replace,
      write: { writing, draft in
        for entry in writing.own.meta.entries {
          if let other = writing.workload.labels[entry.key], other != entry.value {
            draft.refuse(
              "`on.nomad.meta` has another value for `\(entry.key)` than the labels of the workload",
              help: "leave one of the two out")
          }
          draft.job[["Meta", entry.key]] = .string(entry.value)
        }
      },
      read: { reading, own in
        let live = reading.json["Meta"]?.strings ?? [:]
        own.meta = StringMap(
          reading.stamp.own.meta.entries.compactMap { entry in
            live[entry.key].map { (key: entry.key, value: $0) }
          })
      }),
  ]
}

extension WorkloadRow {
  /// A time of the update block.
  fileprivate static func duration(
    _ path: String, _ words: String, _ member: WritableKeyPath<NomadWorkload, SpecDuration> & Sendable,
    _ key: String
  ) -> WorkloadRow {
    WorkloadRow(
      path, "\(words) of the `Update` of the group", cost: .inPlace,
      read: { reading, own in
        let live = SpecDuration(nanoseconds: reading.group.at("Update", key))
        // What a deadline is written as may be more than was stated: see `UpdateText`.
        let made = UpdateText(reading.applied.own, reading.applied.services.map(\.spec))[key]
        let stated = reading.applied.own[keyPath: member]
        own[keyPath: member] = live == made ? stated : live ?? NomadWorkload()[keyPath: member]
      })
  }
}

extension NomadConstraint {
  /// As a job has it.
  fileprivate var json: JSON {
    ["LTarget": .string(attribute), "RTarget": .string(value), "Operand": .string(self.operator)]
  }

  /// As a job has it.
  fileprivate init(_ json: JSON) {
    self.init()
    attribute = json["LTarget"]?.string ?? ""
    value = json["RTarget"]?.string ?? ""
    self.operator = json["Operand"]?.string ?? "="
  }
}

extension NomadAffinity {
  /// As a job has it.
  fileprivate var json: JSON {
    [
      "LTarget": .string(attribute), "RTarget": .string(value), "Operand": .string(self.operator),
      "Weight": .int(Int64(weight)),
    ]
  }

  /// As a job has it.
  fileprivate init(_ json: JSON) {
    self.init()
    attribute = json["LTarget"]?.string ?? ""
    value = json["RTarget"]?.string ?? ""
    self.operator = json["Operand"]?.string ?? "="
    weight = json["Weight"]?.int.map { Int($0) } ?? 50
  }
}

extension NomadSpread {
  /// As a job has it.
  fileprivate var json: JSON {
    var json: JSON = ["Attribute": .string(attribute), "Weight": .int(Int64(weight))]
    if !targets.isUnset {
      json["SpreadTarget"] = .array(
        targets.entries.map { ["Value": .string($0.key), "Percent": .int(Int64($0.value) ?? 0)] })
    }
    return json
  }

  /// As a job has it.
  fileprivate init(_ json: JSON) {
    self.init()
    attribute = json["Attribute"]?.string ?? ""
    weight = json["Weight"]?.int.map { Int($0) } ?? 50
    targets = StringMap(
      (json["SpreadTarget"]?.array ?? []).compactMap { target in
        guard let value = target["Value"]?.string, let percent = target["Percent"]?.int else { return nil }
        return (key: value, value: "\(percent)")
      })
  }
}
