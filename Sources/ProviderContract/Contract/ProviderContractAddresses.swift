import Planning
import ProviderKit
import WorkloadSpec

extension ProviderContract {
  static let addressCases: [ContractCase] = [
    ContractCase("an address stays a reference, and what it stands for is no difference", "addresses") {
      scene in
      var helper = scene.service("helper", .sidecar)
      var port = Port()
      port.container = 7070
      helper.ports = [port]
      var service = scene.service("api")
      service.env["CONTRACT_HELPER"] = "tcp://${address.helper.7070}/${host.helper}?${port.helper.7070}"
      service.env["CONTRACT_PLAIN"] = "$${address.helper.7070}"
      var file = ConfigFile()
      file.name = "contract"
      file.path = "/etc/contract.conf"
      file.content = "helper=${address.helper.7070}\n"
      service.configFiles = [file]
      let workload = scene.workload([service, helper])
      let actions = try await scene.apply(workload)
      let created = actions.compactMap { $0.subject.service }
      if !created.isEmpty {
        try expect(created, is: ["helper", "api"], "what is referred to is there first")
      }

      let given = try await scene.require("api")
      for name in ["CONTRACT_HELPER", "CONTRACT_PLAIN"] {
        try expect(given.live.service.env[name], is: service.env[name], "the variable \(name)")
      }
      try expect(given.live.service.configFiles, is: service.configFiles, "the config file")
      try expect(try await scene.plan(workload, last: workload).actions.isEmpty, "nothing to do")

      var other = workload
      other.services[0].env["CONTRACT_HELPER"] = "${address.helper.7070}"
      let changed = try await scene.plan(other, last: workload).actions.flatMap(\.changes)
      let paths = changed.map { $0.path.replacing("services[api].", with: "") }
      try expect(paths, is: ["env.CONTRACT_HELPER"], "what the spec changed")
    }
  ]
}
