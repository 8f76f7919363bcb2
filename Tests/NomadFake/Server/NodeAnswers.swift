import Values

/// How a node is told.
extension FakeNode {
  private func common(_ state: ClusterState) -> JSON {
    [
      "Address": "127.0.0.1", "ID": .string(id), "Datacenter": .string(datacenter), "Name": .string(name),
      "NodeClass": "", "Version": .string(state.version.text), "Drain": false,
      "SchedulingEligibility": isEligible ? "eligible" : "ineligible",
      "Status": isDown ? "down" : "ready", "StatusDescription": "",
      "Drivers": .object(
        drivers.map { driver in
          JSON.Member(
            driver,
            [
              "Attributes": ["driver.\(driver)": "true"], "Detected": true, "Healthy": true,
              "HealthDescription": "Healthy", "UpdateTime": "2026-01-01T00:00:00Z",
            ])
        }),
      "HostVolumes": hostVolumes.isEmpty
        ? .null : .map(hostVolumes) { ["Name": "", "Path": "/srv", "ReadOnly": .bool($0)] },
      "LastDrain": .null,
      "CreateIndex": 5, "ModifyIndex": .state(state.tables[.nodes] ?? 1),
    ]
  }

  func stub(_ state: ClusterState) -> JSON {
    var stub = common(state)
    if state.version.minor >= 6 { stub["NodePool"] = .string(pool) }
    return stub
  }

  func whole(_ state: ClusterState) -> JSON {
    var node = stub(state)
    node["Attributes"] = .strings(attributes)
    node["Meta"] = .strings(meta)
    node["NodeResources"] = [
      "Cpu": ["CpuShares": .number(cpu)], "Memory": ["MemoryMB": .number(memory)],
      "Disk": ["DiskMB": 100_000],
    ]
    return node
  }
}
