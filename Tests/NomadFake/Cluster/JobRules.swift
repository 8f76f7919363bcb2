import Values

/// What a job breaks of a server's rules, in the server's words. `nomad/structs/structs.go`, `Validate`.
enum JobRules {
  static func broken(_ job: JSON) -> [String] {
    var errors: [String] = []
    if job.text("ID").isEmpty { errors.append("Missing job ID") }
    if job.text("ID").contains(" ") { errors.append("Job ID contains a space") }
    if job.text("Name").isEmpty { errors.append("Missing job name") }
    let type = job.text("Type")
    if !["service", "batch", "system", "sysbatch"].contains(type) {
      errors.append("Invalid job type: \"\(type)\"")
    }
    if !(1...100).contains(job.number("Priority")) { errors.append("Job priority must be between [1, 100]") }
    if job.elements("Datacenters").isEmpty { errors.append("Missing job datacenters") }
    let groups = job.elements("TaskGroups")
    if groups.isEmpty { errors.append("Missing job task groups") }
    for (number, group) in groups.enumerated() {
      if group.text("Name").isEmpty { errors.append("Job task group \(number + 1) missing name") }
      let broken = rules(group, type: type)
      if !broken.isEmpty {
        errors.append("Task group \(group.text("Name")) validation failed: \(text(broken))")
      }
    }
    return errors
  }

  private static func rules(_ group: JSON, type: String) -> [String] {
    var errors: [String] = []
    if group.text("Name").isEmpty { errors.append("Missing task group name") }
    if group.number("Count") < 0 { errors.append("Task group count can't be negative") }
    let tasks = group.elements("Tasks")
    if tasks.isEmpty { errors.append("Missing tasks for task group") }
    if let update = group["Update"], !update.isNull { errors += updateRules(update, type: type) }
    let services = group.elements("Services").enumerated().compactMap { number, service -> String? in
      let broken = service.elements("Checks").compactMap(checkRule)
      return broken.isEmpty
        ? nil : "Service[\(number)] \(service.text("Name")) validation failed: \(text(broken))"
    }
    if !services.isEmpty { errors.append("Task group service validation failed: \(text(services))") }
    for (number, task) in tasks.enumerated() where task.text("Name").isEmpty {
      errors.append("Task \(number + 1) missing name")
    }
    for task in tasks {
      for mount in task.elements("VolumeMounts").enumerated()
      where group["Volumes"]?[mount.element.text("Volume")] == nil {
        errors.append(
          "Task \(task.text("Name")) has a volume mount (\(mount.offset)) referencing undefined volume "
            + mount.element.text("Volume"))
      }
      let broken = taskRules(task)
      if !broken.isEmpty { errors.append("Task \(task.text("Name")) validation failed: \(text(broken))") }
    }
    return errors
  }

  private static func checkRule(_ check: JSON) -> String? {
    guard check.text("Type") == "script", check.number("FailuresBeforeCritical") > 0 else { return nil }
    return
      "Check \(check.text("Name")) invalid: failures_before_critical not supported for check of type \"script\""
  }

  /// What servers warn of, in their words; from 1.4 on, not of groups of one instance or none.
  static func warnings(_ job: JSON, minor: Int) -> String {
    let groups = job.elements("TaskGroups").compactMap { group -> String? in
      guard let update = group["Update"], !update.isNull else { return nil }
      let (atATime, count) = (update.number("MaxParallel"), group.number("Count"))
      guard atATime > count, minor < 4 || count > 1 else { return nil }
      let line =
        "Update max parallel count is greater than task group count (\(atATime) > \(count)). A destructive change would result in the simultaneous replacement of all allocations."
      return "Group \"\(group.text("Name"))\" has warnings: \(text([line]))"
    }
    guard !groups.isEmpty else { return "" }
    return "\(groups.count) warning(s):\n\n" + groups.map { "* \($0)" }.joined(separator: "\n")
  }

  private static func updateRules(_ update: JSON, type: String) -> [String] {
    guard ["service", "system"].contains(type) else {
      return ["Job type \"\(type)\" does not allow update block"]
    }
    var errors: [String] = []
    let (healthy, deadline, progress) = (
      update.number("MinHealthyTime"), update.number("HealthyDeadline"), update.number("ProgressDeadline")
    )
    if update.number("MaxParallel") < 0 {
      errors.append("Max parallel can not be less than zero: \(update.number("MaxParallel")) < 0")
    }
    if update.number("Canary") == 0, update.flag("AutoPromote") {
      errors.append("Auto Promote requires a Canary count greater than zero")
    }
    if deadline <= 0 { errors.append("Healthy deadline must be greater than zero: \(time(deadline))") }
    if healthy >= deadline {
      errors.append(
        "Minimum healthy time must be less than healthy deadline: \(time(healthy)) > \(time(deadline))")
    }
    if progress != 0, deadline >= progress {
      errors.append(
        "Healthy deadline must be less than progress deadline: \(time(deadline)) > \(time(progress))")
    }
    return errors
  }

  private static func taskRules(_ task: JSON) -> [String] {
    var errors: [String] = []
    if task.text("Name").isEmpty { errors.append("Missing task name") }
    if task.text("Name").contains("/") { errors.append("Task name cannot include slashes") }
    if task.text("Driver").isEmpty { errors.append("Missing task driver") }
    if task.number("KillTimeout") < 0 { errors.append("KillTimeout must be a positive value") }
    let (usual, most) = (
      task["Resources"]?.number("MemoryMB") ?? 0, task["Resources"]?.number("MemoryMaxMB") ?? 0
    )
    if most != 0, most < usual {
      errors.append("MemoryMaxMB value (\(most)) should be larger than MemoryMB value (\(usual))")
    }
    return errors
  }

  /// Several errors as hashicorp/go-multierror writes them.
  static func text(_ errors: [String]) -> String {
    if errors.count == 1 { return "1 error occurred:\n\t* \(errors[0])\n\n" }
    return "\(errors.count) errors occurred:\n" + errors.map { "\t* \($0)\n" }.joined() + "\n"
  }

  private static func time(_ nanoseconds: Int) -> String {
    TimeSpan.text(milliseconds: Int64(nanoseconds) / 1_000_000)
  }
}
