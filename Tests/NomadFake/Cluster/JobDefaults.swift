import Values

/// Fills in what a job leaves out, as `api.Job.Canonicalize` and the server's own do.
enum JobDefaults {
  private static let second: Int64 = 1_000_000_000

  static func filled(_ job: JSON, namespace: String, minor: Int) -> JSON {
    let type = job.text("Type").isEmpty ? "service" : job.text("Type")
    let isService = type == "service"
    let sentUpdate = job["Update"].flatMap { $0.isNull ? JSON?.none : $0 }
    let strategy: JSON? = sentUpdate.map { merged(update, $0) } ?? (isService ? update : JSON?.none)
    var filled: JSON = [
      "Stop": false, "Region": "global", "Namespace": .string(namespace), "ID": "", "ParentID": "",
      "Name": .string(job.text("ID")), "Type": .string(type), "Priority": 50, "AllAtOnce": false,
      "Datacenters": minor >= 5 ? ["*"] : .null, "Constraints": .null, "Affinities": .null, "Spreads": .null,
      "TaskGroups": .null, "Multiregion": .null, "Periodic": .null, "ParameterizedJob": .null,
      "Dispatched": false, "Payload": .null, "Meta": .null, "ConsulToken": "", "ConsulNamespace": "",
      "VaultToken": "", "VaultNamespace": "", "NomadTokenID": "",
    ]
    if minor >= 6 { filled["NodePool"] = "default" }
    filled = merged(filled, job, empty: ["Name", "Namespace", "Region", "NodePool"])
    // The server keeps of the job's own update what concerns all groups.
    filled["Update"] = [
      "Stagger": strategy?["Stagger"] ?? 0, "MaxParallel": strategy?["MaxParallel"] ?? 0, "HealthCheck": "",
      "MinHealthyTime": 0, "HealthyDeadline": 0, "ProgressDeadline": 0, "AutoRevert": false,
      "AutoPromote": false, "Canary": 0,
    ]
    filled["Migrate"] = nil
    filled["Reschedule"] = nil
    filled["TaskGroups"] = nullIfEmpty(
      job.elements("TaskGroups").map {
        constrained(group($0, type: type, update: strategy, job: job, minor: minor))
      })
    return filled
  }

  /// A group with the constraint that its nodes can send the signals that its tasks name. `nomad/job_endpoint_hooks.go`,
  /// `jobImpliedConstraints`.
  private static func constrained(_ group: JSON) -> JSON {
    let signals = Set(
      group.elements("Tasks").flatMap { task in
        [task.text("KillSignal")]
          + task.elements("Templates").filter { $0.text("ChangeMode") == "signal" }.map {
            $0.text("ChangeSignal")
          }
      }.filter { !$0.isEmpty })
    guard !signals.isEmpty else { return group }
    let implied: JSON = [
      "LTarget": "${attr.os.signals}", "RTarget": .string(signals.sorted().joined(separator: ",")),
      "Operand": "set_contains",
    ]
    let constraints = group.elements("Constraints")
    guard !constraints.contains(where: { ClusterState.sorted($0) == ClusterState.sorted(implied) }) else {
      return group
    }
    var constrained = group
    constrained["Constraints"] = .array(constraints + [implied])
    return constrained
  }

  private static func group(_ sent: JSON, type: String, update: JSON?, job: JSON, minor: Int) -> JSON {
    let isService = type == "service"
    var group: JSON = [
      "Name": "", "Count": 1, "Update": .null, "Migrate": .null, "Constraints": .null, "Scaling": .null,
      "RestartPolicy": .null, "Tasks": .null,
      "EphemeralDisk": ["Sticky": false, "SizeMB": 300, "Migrate": false], "Meta": .null,
      "ReschedulePolicy": .null, "Affinities": .null, "Spreads": .null, "Networks": .null,
      "Consul": minor == 1 ? ["Namespace": ""] : .null, "Services": .null, "Volumes": .null,
      "ShutdownDelay": .null, "StopAfterClientDisconnect": .null,
    ]
    let disk = group["EphemeralDisk"] ?? .null
    group = merged(group, sent)
    group["EphemeralDisk"] = merged(disk, group["EphemeralDisk"] ?? .null)
    if let own = sent["Update"], !own.isNull {
      group["Update"] = merged(update ?? Self.update, own)
    } else {
      group["Update"] = update ?? .null
    }
    if isService {
      let migrate: JSON = [
        "MaxParallel": 1, "HealthCheck": "checks", "MinHealthyTime": .int(10 * second),
        "HealthyDeadline": .int(300 * second),
      ]
      group["Migrate"] = merged(migrate, sent["Migrate"] ?? job["Migrate"] ?? .null)
    }
    if type != "system" {
      group["ReschedulePolicy"] = merged(
        reschedule(type), merged(job["Reschedule"] ?? .null, sent["ReschedulePolicy"] ?? .null))
    }
    let restart = merged(restart(type), sent["RestartPolicy"] ?? .null)
    group["RestartPolicy"] = restart
    group["Networks"] = nullIfEmpty(sent.elements("Networks").map(network))
    group["Services"] = nullIfEmpty(sent.elements("Services").map { service($0, minor: minor) })
    group["Tasks"] = nullIfEmpty(sent.elements("Tasks").map { task($0, restart: restart, minor: minor) })
    return group
  }

  /// The options of a driver, whose numbers servers keep as fractions.
  private static func fractions(_ json: JSON) -> JSON {
    switch json {
    case .int(let number): .number("\(number).0")
    case .array(let elements): .array(elements.map(fractions))
    case .object(let members): .object(members.map { JSON.Member($0.key, fractions($0.value)) })
    case .null, .bool, .number, .string: json
    }
  }

  private static func task(_ sent: JSON, restart: JSON, minor: Int) -> JSON {
    var task: JSON = [
      "Name": "", "Driver": "", "User": "", "Config": .null, "Env": .null, "Services": .null, "Vault": .null,
      "Templates": .null, "Constraints": .null, "Affinities": .null, "Resources": .null,
      "RestartPolicy": .null, "DispatchPayload": .null, "Lifecycle": .null, "Meta": .null,
      "KillTimeout": .int(5 * second), "LogConfig": .null, "Artifacts": .null, "Leader": false,
      "ShutdownDelay": 0, "VolumeMounts": .null, "ScalingPolicies": .null, "KillSignal": "", "Kind": "",
      "CSIPluginConfig": .null,
    ]
    task = merged(task, sent)
    if let options = sent["Config"] { task["Config"] = fractions(options) }
    let resources: JSON = [
      "CPU": 100, "Cores": 0, "MemoryMB": 300, "MemoryMaxMB": 0, "DiskMB": 0, "IOPS": 0, "Networks": .null,
      "Devices": .null,
    ]
    var asked = sent["Resources"] ?? .null
    if asked.number("Cores") > 0, asked["CPU"] == nil { asked["CPU"] = 0 }
    task["Resources"] = merged(resources, asked)
    task["RestartPolicy"] = merged(restart, sent["RestartPolicy"] ?? .null)
    task["LogConfig"] = merged(["MaxFiles": 10, "MaxFileSizeMB": 10], sent["LogConfig"] ?? .null)
    task["Services"] = nullIfEmpty(sent.elements("Services").map { service($0, minor: minor) })
    task["Templates"] = nullIfEmpty(
      sent.elements("Templates").map {
        merged(
          [
            "SourcePath": "", "DestPath": "", "EmbeddedTmpl": "", "ChangeMode": "restart", "ChangeSignal": "",
            "Splay": .int(5 * second), "Perms": "0644", "LeftDelim": "{{", "RightDelim": "}}",
            "Envvars": false, "VaultGrace": 0,
          ], $0)
      })
    return task
  }

  private static func network(_ sent: JSON) -> JSON {
    var network = merged(
      [
        "Mode": "", "Device": "", "CIDR": "", "IP": "", "MBits": 0, "DNS": .null, "ReservedPorts": .null,
        "DynamicPorts": .null,
      ], sent)
    for key in ["ReservedPorts", "DynamicPorts"] {
      network[key] = nullIfEmpty(
        sent.elements(key).map {
          merged(["Label": "", "Value": 0, "To": 0, "HostNetwork": "default"], $0, empty: ["HostNetwork"])
        })
    }
    return network
  }

  private static func service(_ sent: JSON, minor: Int) -> JSON {
    var service: JSON = [
      "Name": "", "TaskName": "", "PortLabel": "", "AddressMode": "auto", "EnableTagOverride": false,
      "Tags": .null, "CanaryTags": .null, "Checks": .null, "Connect": .null, "Meta": .null,
      "CanaryMeta": .null, "OnUpdate": "require_healthy",
    ]
    if minor >= 3 {
      service["Provider"] = "consul"
      service["Address"] = ""
    }
    service = merged(service, sent)
    service["Checks"] = nullIfEmpty(
      sent.elements("Checks").map {
        merged(
          [
            "Name": .string("service: \"\(sent.text("Name"))\" check"), "Type": "", "Command": "",
            "Args": .null, "Path": "", "Protocol": "", "PortLabel": "", "Expose": false, "AddressMode": "",
            "Interval": 0, "Timeout": 0, "InitialStatus": "", "TLSSkipVerify": false, "Method": "",
            "Header": .null, "CheckRestart": .null, "GRPCService": "", "GRPCUseTLS": false, "TaskName": "",
            "SuccessBeforePassing": 0, "FailuresBeforeCritical": 0, "Body": "",
            "OnUpdate": "require_healthy",
          ], $0)
      })
    return service
  }

  static let update: JSON = [
    "Stagger": .int(30 * second), "MaxParallel": 1, "HealthCheck": "checks",
    "MinHealthyTime": .int(10 * second), "HealthyDeadline": .int(300 * second),
    "ProgressDeadline": .int(600 * second), "AutoRevert": false, "AutoPromote": false, "Canary": 0,
  ]

  private static func reschedule(_ type: String) -> JSON {
    type == "service"
      ? [
        "Attempts": 0, "Interval": 0, "Delay": .int(30 * second), "DelayFunction": "exponential",
        "MaxDelay": .int(3600 * second), "Unlimited": true,
      ]
      : [
        "Attempts": 1, "Interval": .int(86400 * second), "Delay": .int(5 * second),
        "DelayFunction": "constant", "MaxDelay": 0, "Unlimited": false,
      ]
  }

  private static func restart(_ type: String) -> JSON {
    type == "batch" || type == "sysbatch"
      ? ["Attempts": 3, "Interval": .int(86400 * second), "Delay": .int(15 * second), "Mode": "fail"]
      : ["Attempts": 2, "Interval": .int(1800 * second), "Delay": .int(15 * second), "Mode": "fail"]
  }

  /// What is sent over what is usual; `null` and, for some, an empty text stand for what is usual.
  private static func merged(_ usual: JSON, _ sent: JSON, empty: Set<String> = []) -> JSON {
    var merged = usual
    for member in sent.members ?? [] where !member.value.isNull {
      if empty.contains(member.key), member.value.string == "" { continue }
      if let elements = member.value.array, elements.isEmpty {
        merged[member.key] = .null
      } else if let members = member.value.members, members.isEmpty, usual[member.key] == .some(.null) {
        merged[member.key] = .null
      } else {
        merged[member.key] = member.value
      }
    }
    return merged
  }

  private static func nullIfEmpty(_ elements: [JSON]) -> JSON { elements.isEmpty ? .null : .array(elements) }
}
