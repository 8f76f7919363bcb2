import Values

/// A task that a node of the fake runs, since its last start.
public struct FakeTaskRun: Sendable {
  public let namespace: String
  public let job: String
  public let allocation: String
  /// The place of the allocation among those of its group.
  public let index: Int
  public let task: String
  /// Counts its starts.
  public let life: Int
  /// The group, as the job has it.
  public let group: JSON
  /// The task, as the job has it.
  public let spec: JSON
  /// The ports of the allocation: a `Label`, a `Value`, the `HostIP`.
  public let ports: [JSON]
}

extension FakeTaskRun: Hashable {
  public static func == (one: FakeTaskRun, other: FakeTaskRun) -> Bool {
    (one.allocation, one.task, one.life) == (other.allocation, other.task, other.life)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(allocation)
    hasher.combine(task)
    hasher.combine(life)
  }
}

/// What plays nodes that really run something: it asks what they run, and says what has ended.
extension FakeNomad {
  /// The tasks that run now.
  public var taskRuns: [FakeTaskRun] {
    use { inner in
      inner.state.allocations.values.filter { $0.desired == "run" && !$0.isTerminal }.flatMap { allocation in
        (allocation.tasks ?? [:]).filter { $0.value.state == "running" }.map { name, task in
          FakeTaskRun(
            namespace: allocation.job.namespace, job: allocation.job.id, allocation: allocation.id,
            index: allocation.number, task: name, life: task.life, group: allocation.groupSpec,
            spec: allocation.taskSpecs.first { $0.text("Name") == name } ?? .null, ports: allocation.ports)
        }
      }
    }
  }

  /// Says that a task has ended by itself.
  public func end(_ run: FakeTaskRun, code: Int) {
    use { inner in
      inner.state.end(run.allocation, run.task, run.life, .exit(code))
      inner.state.advance(to: inner.state.now)
    }
  }

  /// The jobs that there are, by namespace and name: `default/shop`.
  public var jobs: [String] {
    use { inner in inner.state.jobs.keys.map { "\($0.namespace)/\($0.id)" }.sorted() }
  }

  /// The paths of the variables that there are in a namespace.
  public func variables(in namespace: String = "default") -> [String] {
    use { inner in inner.state.variables.keys.filter { $0.namespace == namespace }.map(\.id).sorted() }
  }
}
