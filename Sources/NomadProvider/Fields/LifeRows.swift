import ProviderKit
import Values
import WorkloadSpec

extension NomadTable {
  // MARK: How it lives

  static let life: [TaskRow] = [
    .stamped(
      "dependsOn",
      "`Lifecycle`: inits before main, at the same time; a sidecar that main needs before main, any other after it",
      write: { writing, draft in
        guard writing.service.role == .`init` else { return }
        let inits = writing.writing.workload.services.filter { $0.role == .`init` }.map(\.name)
        for name in writing.service.waitsFor.elements where inits.contains(name) {
          draft.refuse(
            "the init `\(writing.service.name)` waits for the init `\(name)`, and Nomad runs all inits of an instance at the same time",
            help: "do both in one init, or use `role: before` for what is done once per run")
        }
      }, read: { $1.dependsOn = $0.stated.dependsOn }),
    TaskRow(
      field: FieldRow(
        "services.restart",
        .recorded(because: "Nomad starts each task of a service again that ends: see `on.nomad.restart`"),
        cost: .inPlace, "nothing"),
      write: { writing, draft in
        let service = writing.service
        guard service.restart == .never, !service.role.isRunToEnd else { return }
        draft.refuse(
          "service `\(service.name)` is never to be started again, and Nomad starts each task of a service again that ends",
          help: "leave out `restart`, or use `role: init` or `role: before` for what runs to its end")
      },
      read: { $1.restart = $0.stated.restart }),
    .recorded(
      "maxRestarts",
      because:
        "Nomad counts attempts within an interval, and places an instance anew then: see `on.nomad.restart`"
    ) { $1.maxRestarts = $0.stated.maxRestarts },
    .enforced(
      "stopGrace", "`KillTimeout`, no longer than the clients' `max_kill_timeout`", cost: .inPlace,
      write: { $1.task["KillTimeout"] = $0.service.stopGrace.nanoseconds },
      read: { reading, service in
        service.stopGrace = SpecDuration(nanoseconds: reading.task["KillTimeout"]) ?? .seconds(5)
      }),
    .enforced(
      "pullPolicy", "`force_pull`; a change of it alone waits for the next new instances", cost: .inPlace,
      write: { writing, draft in
        if writing.driver.runsImages, writing.service.pullPolicy == .always {
          draft[option: "force_pull"] = true
        }
      },
      read: { reading, service in
        let isForced = reading.option("force_pull")?.bool == true
        service.pullPolicy =
          isForced ? .always : reading.stated.pullPolicy == .always ? .missing : reading.stated.pullPolicy
      }),
  ]
}
