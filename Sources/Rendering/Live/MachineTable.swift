import Planning
import Values
import WorkloadSpec

/// The machines of a group for a person, one in each line.
///
///     INSTANCE  MACHINE  STATE    READY  SINCE  TYPE   IMAGE    ZONE  ADDRESS
///     0         m-1      running  yes    5m     small  image-1  a     127.77.0.2
struct MachineTable {
  let status: WorkloadStatus
  let now: Timestamp

  func text(_ style: TextStyle) -> String {
    let instances = status.observation.instances
    let hasZones = instances.contains { $0.services.contains { $0.machine?.zone != nil } }
    var table = Table(
      ["INSTANCE", "MACHINE", "STATE", "READY", "SINCE", "TYPE", "IMAGE"] + (hasZones ? ["ZONE"] : [])
        + ["ADDRESS"])
    for instance in instances {
      let name = "\(instance.id)" + (status.newInstances.contains(instance.id) ? " (new)" : "")
      guard let machine = instance.services.first else {
        table.add(
          [.init(name), .init(""), .init(instance.state.rawValue), .init("no", .changed)]
            + (0..<(hasZones ? 5 : 4)).map { _ in .init("") })
        note(instance, in: &table)
        continue
      }
      let spec = machine.live.spec.as(Machine.self) ?? Machine()
      table.add(
        [
          .init(name), .init(SafeText.line(machine.machine?.id ?? "")),
          .init(machine.state.rawValue, StatusText.ink(machine.state, isReady: machine.isReady)),
          .init(machine.isReady ? "yes" : "no", machine.isReady ? nil : .changed),
          .init(machine.since.map { AgeText.from($0, to: now) } ?? ""),
          .init(SafeText.line(spec.type ?? "")), .init(SafeText.line(spec.image ?? "")),
        ] + (hasZones ? [.init(SafeText.line(machine.machine?.zone ?? ""))] : []) + [
          .init(SafeText.line((machine.machine?.addresses ?? []).joined(separator: ", ")))
        ])
      if let message = machine.message { table.add(note: "  └ \(SafeText.line(message))", .faint) }
      note(instance, in: &table)
    }
    return table.text(style)
  }

  private func note(_ instance: ObservedInstance, in table: inout Table) {
    guard let message = instance.message else { return }
    table.add(note: "  └ instance \(instance.id): \(SafeText.line(message))", .warning)
  }
}
