import Planning
import ProviderKit
import WorkloadSpec

extension ProviderContract {
  static let secretsCases: [ContractCase] = [
    ContractCase("what a secret is in stays a reference, and its rotation is seen", "secrets") { scene in
      let first = try await scene.withSecrets([
        "contract:one": "value-of-one", "contract:two": "value-of-two",
      ])
      var service = scene.service("api")
      service.env["CONTRACT_URL"] = "db://${secret.contract:one}:${secret.contract:two}@db"
      service.env["CONTRACT_PLAIN"] = "$${secret.contract:one}"
      var file = ConfigFile()
      file.name = "contract"
      file.path = "/etc/contract.conf"
      file.content = "password=${secret.contract:two}\n"
      service.configFiles = [file]
      var listed = SecretReference()
      listed.key = "contract:one"
      listed.as = "CONTRACT_SECRET"
      service.secrets = [listed]
      let workload = first.workload([service])
      try await first.apply(workload)

      let given = try await first.require("api")
      try expect(given.live.service.env["CONTRACT_URL"], is: service.env["CONTRACT_URL"], "the variable")
      try expect(
        given.live.service.env["CONTRACT_PLAIN"], is: service.env["CONTRACT_PLAIN"], "the escaped text")
      try expect(given.live.service.configFiles, is: service.configFiles, "the config file")
      let digests = first.context(workload, run: "run-1").secretDigests(of: service)
      for (use, digest) in digests {
        try expect(given.secretDigests[use], is: digest, "the digest of \(use)")
      }
      try expect(!"\(try await first.observe())".contains("value-of"), "an observation without a value")
      let again = try await first.plan(workload, last: workload)
      try expect(again.actions.isEmpty, "nothing to do")

      let second = try await scene.withSecrets(["contract:one": "value-of-one", "contract:two": "rotated"])
      let rotated = try await second.plan(workload, last: workload).actions.flatMap(\.changes)
      // An engine that replaces a whole instance names the service in front.
      let paths = rotated.filter { $0.causes == [.external] }.map {
        $0.path.replacing("services[api].", with: "")
      }
      try expect(
        paths.sorted(), is: ["configFiles[contract].content", "env.CONTRACT_URL"], "what rotated")
      try await second.apply(workload, last: workload, run: "run-2")
      try expect(try await second.plan(workload, last: workload).actions.isEmpty, "nothing to do again")
    }
  ]
}
