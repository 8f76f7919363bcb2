import Values

/// What servers of Nomad add to a job by themselves, as reading one back has it.
enum ServerDefaults {
  static func added(to job: JSON) -> JSON {
    var job = job
    add(
      &job,
      [
        "Region": "global", "Version": 3, "JobModifyIndex": 17, "ModifyIndex": 21, "CreateIndex": 11,
        "Status": "running", "StatusDescription": "", "Stable": true, "SubmitTime": 1_700_000_000_000_000_000,
        "AllAtOnce": false, "Constraints": nil, "Affinities": nil, "Spreads": nil, "Multiregion": nil,
        "ParameterizedJob": nil, "Periodic": nil, "Payload": nil, "Stop": false, "ParentID": "",
        "Dispatched": false, "ConsulToken": "", "VaultToken": "", "NomadTokenID": "", "Priority": 50,
        "Update": ["MaxParallel": 1, "Stagger": 30_000_000_000],
      ])
    change(&job, "TaskGroups", addToGroup)
    return job
  }

  private static func addToGroup(_ group: inout JSON) {
    add(
      &group,
      [
        "RestartPolicy": [
          "Attempts": 2, "Interval": 1_800_000_000_000, "Delay": 15_000_000_000, "Mode": "fail",
        ],
        "ReschedulePolicy": [
          "Attempts": 0, "Interval": 0, "Delay": 30_000_000_000, "DelayFunction": "exponential",
          "MaxDelay": 3_600_000_000_000, "Unlimited": true,
        ],
        "Migrate": ["MaxParallel": 1, "HealthCheck": "checks"], "Meta": nil, "Constraints": nil,
        "Affinities": nil, "Spreads": nil, "Scaling": nil, "Consul": nil, "ShutdownDelay": nil,
        "Services": nil, "Volumes": nil, "EphemeralDisk": [:],
      ])
    if var disk = group["EphemeralDisk"] {
      add(&disk, ["Sticky": false, "SizeMB": 300, "Migrate": false])
      group["EphemeralDisk"] = disk
    }
    change(&group, "Networks") { network in
      add(
        &network,
        [
          "Device": "", "CIDR": "", "IP": "", "Hostname": "", "MBits": 0, "DNS": nil, "ReservedPorts": nil,
          "DynamicPorts": nil,
        ])
      for key in ["DynamicPorts", "ReservedPorts"] {
        change(&network, key) { add(&$0, ["Value": 0, "To": 0, "HostNetwork": "default"]) }
      }
    }
    change(&group, "Services") { service in
      add(
        &service,
        [
          "AddressMode": "auto", "EnableTagOverride": false, "TaskName": "", "Tags": nil, "CanaryTags": nil,
          "Meta": nil, "CanaryMeta": nil, "Connect": nil, "OnUpdate": "require_healthy", "Checks": nil,
        ])
      change(&service, "Checks") {
        add(
          &$0,
          [
            "Args": nil, "Command": "", "Path": "", "Protocol": "", "PortLabel": "", "Expose": false,
            "AddressMode": "", "InitialStatus": "", "TLSSkipVerify": false, "Method": "", "Header": nil,
            "CheckRestart": nil, "GRPCService": "", "GRPCUseTLS": false, "TaskName": "",
            "SuccessBeforePassing": 0, "FailuresBeforeCritical": 0, "Body": "", "OnUpdate": "require_healthy",
          ])
      }
    }
    // Nodes must be able to send the signals that tasks name.
    let signals = Set((group["Tasks"]?.array ?? []).compactMap { $0["KillSignal"]?.string })
    if !signals.isEmpty {
      group["Constraints"] = .array(
        (group["Constraints"]?.array ?? []) + [
          [
            "LTarget": "${attr.os.signals}", "RTarget": .string(signals.sorted().joined(separator: ",")),
            "Operand": "set_contains",
          ]
        ])
    }
    change(&group, "Tasks", addToTask)
    if case .object(let members)? = group["Volumes"] {
      group["Volumes"] = .object(
        members.map { member in
          var volume = member.value
          add(
            &volume,
            [
              "ReadOnly": false, "AccessMode": "", "AttachmentMode": "", "MountOptions": nil,
              "PerAlloc": false,
            ])
          return JSON.Member(member.key, volume)
        })
    }
  }

  private static func addToTask(_ task: inout JSON) {
    add(
      &task,
      [
        "User": "", "Env": nil, "Services": nil, "Vault": nil, "Templates": nil, "Constraints": nil,
        "Affinities": nil, "Resources": [:], "RestartPolicy": nil, "DispatchPayload": nil, "Lifecycle": nil,
        "Meta": nil, "KillTimeout": 5_000_000_000, "LogConfig": [:], "Artifacts": nil, "Leader": false,
        "ShutdownDelay": 0, "VolumeMounts": nil, "ScalingPolicies": nil, "KillSignal": "", "Kind": "",
        "CSIPluginConfig": nil,
      ])
    task["Config"] = task["Config"].map(fractions)
    if var resources = task["Resources"] {
      add(
        &resources,
        [
          "CPU": 100, "Cores": 0, "MemoryMB": 300, "MemoryMaxMB": 0, "DiskMB": 0, "IOPS": 0, "Networks": nil,
          "Devices": nil,
        ])
      change(&resources, "Devices") { add(&$0, ["Constraints": nil, "Affinities": nil]) }
      task["Resources"] = resources
    }
    if var log = task["LogConfig"] {
      add(&log, ["MaxFiles": 10, "MaxFileSizeMB": 10])
      task["LogConfig"] = log
    }
    change(&task, "Templates") {
      add(
        &$0,
        [
          "SourcePath": "", "ChangeSignal": "", "Splay": 5_000_000_000, "LeftDelim": "{{", "RightDelim": "}}",
          "Envvars": false, "VaultGrace": 0, "ChangeMode": "restart", "Perms": "0644",
        ])
    }
    change(&task, "VolumeMounts") { add(&$0, ["ReadOnly": false, "PropagationMode": "private"]) }
  }

  /// Servers keep the numbers of a driver's options as fractions.
  private static func fractions(_ json: JSON) -> JSON {
    switch json {
    case .int(let number): .number("\(number).0")
    case .array(let elements): .array(elements.map(fractions))
    case .object(let members): .object(members.map { JSON.Member($0.key, fractions($0.value)) })
    case .null, .bool, .number, .string: json
    }
  }

  private static func add(_ object: inout JSON, _ members: JSON) {
    for member in members.members ?? [] where object[member.key] == nil {
      object[member.key] = member.value
    }
  }

  private static func change(_ object: inout JSON, _ key: String, _ change: (inout JSON) -> Void) {
    guard var elements = object[key]?.array else { return }
    for index in elements.indices { change(&elements[index]) }
    object[key] = .array(elements)
  }
}
