import Planning
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

@testable import LocalProvider
@testable import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a service finds around it: variables, files, volumes, ports.
@Suite struct ServiceSurroundingsTests {
  private func text(_ path: String) throws -> String? {
    try Files.read(path).map { String(decoding: $0, as: UTF8.self) }
  }

  private func config(_ path: String, _ content: String, name: String = "app") -> ConfigFile {
    var file = ConfigFile()
    file.name = name
    file.path = path
    file.content = content
    return file
  }

  private func volume(_ name: String, _ path: String, _ type: VolumeType) -> Volume {
    var volume = Volume()
    volume.name = name
    volume.mountPath = path
    volume.type = type
    return volume
  }

  private func secret(_ key: String, _ type: SecretType, as name: String) -> SecretReference {
    var secret = SecretReference()
    secret.key = key
    secret.type = type
    secret.as = name
    return secret
  }

  @Test("The environment is only what it is said to be") func theEnvironmentIsOnlyWhatItIsSaidToBe()
    async throws
  {
    try await withWorld { world in
      setenv("BERTH_TEST_LEAK", "leaked", 1)
      let workload = Workload.of(
        .script("api", "env > env.txt; pwd >> env.txt; exec sleep 1000") {
          $0.env = ["LOG": "info", "DATA": "${root}/data", "BERTH_SERVICE": "forged"]
          var port = Port()
          port.container = 8080
          $0.ports = [port]
        })
      try await world.perform(.create, "api", of: workload)
      let root = world.folder().root(of: "api")
      let lines = try #require(try text(root + "/env.txt")).split(separator: "\n").map(String.init)
      let port = try #require(try await world.service("api").endpoints.first).hostPort
      let names = Set(lines.compactMap { $0.split(separator: "=").first.map(String.init) })
      for line in [
        "LOG=info", "DATA=\(root)/data", "BERTH_ROOT=\(root)", "BERTH_SERVICE=api",
        "BERTH_WORKLOAD=shop", "BERTH_NAMESPACE=default", "BERTH_INSTANCE=0", "PORT=\(port)",
        "PORT_8080=\(port)", root,
      ] { #expect(lines.contains(line), "\(line)") }
      #expect(names.contains("PATH"))
      #expect(!names.contains("BERTH_TEST_LEAK"))
    }
  }

  @Test("Every descriptor but three is closed") func everyDescriptorButThreeIsClosed() async throws {
    try await withWorld { world in
      let workload = Workload.of(.script("api", "exec sleep 1000"))
      try await world.perform(.create, "api", of: workload)
      let process = try #require(try await world.service("api").processID)
      #expect(try Files.names(in: "/proc/\(process)/fd") == ["0", "1", "2"])
      #expect(Files.linkTarget("/proc/\(process)/fd/0") == "/dev/null")
    }
  }

  @Test("Secrets reach the service and nothing else") func secretsReachTheServiceAndNothingElse() async throws
  {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "echo \"$TOKEN\" > seen.txt; cat etc/key >> seen.txt; exec sleep 1000") {
          $0.secrets = [secret("shop/token", .env, as: "TOKEN"), secret("shop/key", .file, as: "/etc/key")]
        })
      let secrets = ["shop/token": "hunter2-hunter2", "shop/key": "correct horse"]
      try await world.perform(.create, "api", of: workload, secrets: secrets)
      let root = world.folder().root(of: "api")
      #expect(try text(root + "/seen.txt") == "hunter2-hunter2\ncorrect horse")
      var status = stat()
      #expect(stat(root + "/etc/key", &status) == 0 && status.st_mode & 0o777 == 0o400)
      let service = try await world.service("api")
      #expect(
        service.secretDigests == [
          "env/TOKEN": "digest of 15 characters", "file//etc/key": "digest of 13 characters",
        ])
      let state = try #require(try text(world.folder().state))
      #expect(!state.contains("hunter2") && !state.contains("correct horse"))

      // Started again by itself, it still has them.
      kill(pid_t(try #require(service.processID)), SIGKILL)
      try Files.remove(root + "/seen.txt")
      try await world.eventually("it has them again") {
        try text(root + "/seen.txt") == "hunter2-hunter2\ncorrect horse"
      }
    }
  }

  @Test("Secrets within texts reach the service and nothing else")
  func secretsWithinTextsReachTheServiceAndNothingElse() async throws {
    try await withWorld { world in
      let file = config("/etc/app.conf", "root=${root}\npassword=${secret.db}\nliteral=$${secret.db}\n")
      let workload = Workload.of(
        .script("api", "echo \"$URL\" > seen.txt; cat etc/app.conf >> seen.txt; exec sleep 1000") {
          $0.env = ["URL": "db://app:${secret.db}@${root}/", "PLAIN": "$${secret.db}"]
          $0.configFiles = [file]
        })
      try await world.perform(.create, "api", of: workload, secrets: ["db": "hunter2-hunter2"])
      let root = world.folder().root(of: "api")
      #expect(
        try text(root + "/seen.txt") == """
          db://app:hunter2-hunter2@\(root)/
          root=\(root)
          password=hunter2-hunter2
          literal=${secret.db}

          """)
      #expect(try mode(root + "/etc/app.conf") == 0o400)
      let service = try await world.service("api")
      #expect(service.live.service == workload.services[0])
      #expect(service.secretDigests["env.URL=db"] == "digest of 15 characters")
      #expect(service.secretDigests["configFiles.app=db"] == "digest of 15 characters")
      let state = try #require(try text(world.folder().state))
      #expect(!state.contains("hunter2"))
      let process = try #require(service.processID)
      #expect(try text("/proc/\(process)/environ")?.contains("PLAIN=${secret.db}\0") == true)
      #expect(try text("/proc/\(process)/cmdline")?.contains("hunter2") == false)
    }
  }

  @Test("What people do to a file with a secret is seen and not shown")
  func whatPeopleDoToAFileWithASecretIsSeenAndNotShown() async throws {
    try await withWorld { world in
      let file = config("/etc/app.conf", "password=${secret.db}\n")
      let workload = Workload.of(.script("api", "exec sleep 1000") { $0.configFiles = [file] })
      try await world.perform(.create, "api", of: workload, secrets: ["db": "hunter2"])
      let path = world.folder().root(of: "api") + "/etc/app.conf"
      for change in ["password=hunter3\n", "password=hunter2\nmore\n", ""] {
        try Files.remove(path)
        try Files.replace(path, with: Array(change.utf8), mode: 0o400, durably: false)
        #expect(
          try await world.service("api").live.service.configFiles[0].content == ConfigFile.withheldContent)
      }
      try Files.replace(path, with: Array("password=hunter2\n".utf8), durably: false)
      #expect(try await world.service("api").live.service.configFiles == [file])
      try Files.remove(path)
      #expect(try await world.service("api").live.service.configFiles == [])
    }
  }

  @Test("Certificates and their key are two files") func certificatesAndTheirKeyAreTwoFiles() async throws {
    try await withWorld { world in
      let certificate = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"
      let key = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"
      let reference = secret("shop/tls", .tls, as: "/etc/tls")
      let workload = Workload.of(.script("api", "exec sleep 1000") { $0.secrets = [reference] })
      try await world.perform(.create, "api", of: workload, secrets: ["shop/tls": key + certificate])
      let folder = world.folder().root(of: "api") + "/etc/tls"
      #expect(try text(folder + "/tls.crt") == certificate)
      #expect(try text(folder + "/tls.key") == key)
      #expect(try mode(folder + "/tls.crt") == 0o444)
      #expect(try mode(folder + "/tls.key") == 0o400)

      let without = Workload.of(.script("api", "exec sleep 1000"))
      try await world.perform(.restart, "api", of: without, run: "run-2")
      #expect(Files.kind(folder + "/tls.key") == nil)
      #expect(Files.kind(folder + "/tls.crt") == nil)

      let failure = await #expect(throws: ActionFailure.self) {
        try await world.perform(
          .restart, "api", of: workload, run: "run-3", secrets: ["shop/tls": certificate])
      }
      #expect(
        failure?.message == "the secret `shop/tls` can't be handed over: it holds no private key")
    }
  }

  @Test("Registry credentials are not needed here") func registryCredentialsAreNotNeededHere() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "exec sleep 1000") { $0.secrets = [secret("pull", .registry, as: "ghcr.io")] })
      let notes = try await world.provider.assess(
        workload, as: world.key, given: Observation(engine: EngineIdentity(provider: "local", id: "x")))
      #expect(
        notes.map(\.message) == [
          "no image is pulled on local processes: the registry credentials of `api` are not used"
        ])
      try await world.perform(.create, "api", of: workload, secrets: ["pull": "ada:hunter2"])
      #expect(try await world.service("api").secretDigests == ["registry/ghcr.io": "digest of 11 characters"])
    }
  }

  private func mode(_ path: String) throws -> mode_t {
    var status = stat()
    try #require(stat(path, &status) == 0)
    return status.st_mode & 0o777
  }

  @Test("A secret without a value is a failure") func aSecretWithoutAValueIsAFailure() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "exec sleep 1000") { $0.secrets = [secret("shop/token", .env, as: "TOKEN")] })
      let failure = await #expect(throws: ActionFailure.self) {
        try await world.perform(.create, "api", of: workload)
      }
      #expect(failure?.message == "the secret `shop/token` has no value")
    }
  }

  // MARK: Config files

  @Test("Config files are written and what people do to them is seen")
  func configFilesAreWrittenAndWhatPeopleDoToThemIsSeen() async throws {
    try await withWorld { world in
      let file = config("/etc/shop/config.yaml", "root: ${root}\nprice: $${root}\n")
      let workload = Workload.of(.script("api", "exec sleep 1000") { $0.configFiles = [file] })
      try await world.perform(.create, "api", of: workload)
      let root = world.folder().root(of: "api")
      let path = root + "/etc/shop/config.yaml"
      #expect(try text(path) == "root: \(root)\nprice: ${root}\n")
      var live = try await world.service("api").live.service
      #expect(live.configFiles == [file])

      try Files.replace(path, with: Array("edited\n".utf8), durably: false)
      live = try await world.service("api").live.service
      #expect(live.configFiles.map(\.content) == ["edited\n"])

      try Files.remove(path)
      live = try await world.service("api").live.service
      #expect(live.configFiles.isEmpty)

      // A restart mends it, and keeps what the service wrote.
      try Files.replace(root + "/notes", with: [], durably: false)
      try await world.perform(.restart, "api", of: workload, run: "run-2")
      #expect(try text(path) == "root: \(root)\nprice: ${root}\n")
      #expect(Files.kind(root + "/notes") != nil)

      // A replace takes away what the service wrote.
      try await world.perform(.replace, "api", of: workload, run: "run-3")
      #expect(Files.kind(root + "/notes") == nil)
    }
  }

  @Test("A config file that the spec has no more goes") func aConfigFileThatTheSpecHasNoMoreGoes()
    async throws
  {
    try await withWorld { world in
      let old = Workload.of(
        .script("api", "exec sleep 1000") {
          $0.configFiles = [config("/etc/a", "a", name: "a"), config("/etc/b", "b", name: "b")]
        })
      let new = Workload.of(
        .script("api", "exec sleep 1000") { $0.configFiles = [config("/etc/b", "c", name: "b")] })
      try await world.perform(.create, "api", of: old)
      try await world.perform(.restart, "api", of: new, run: "run-2")
      let root = world.folder().root(of: "api")
      #expect(try Files.names(in: root + "/etc") == ["b"])
      #expect(try text(root + "/etc/b") == "c")
    }
  }

  @Test("No file is written through a link that a service made")
  func noFileIsWrittenThroughALinkThatAServiceMade() async throws {
    try await withWorld { world in
      let plain = Workload.of(.script("api", "ln -s ../../.. etc; exec sleep 1000"))
      let evil = Workload.of(
        .script("api", "exec sleep 1001") { $0.configFiles = [config("/etc/state.json", "gone")] })
      try await world.perform(.create, "api", of: plain)
      let failure = await #expect(throws: ActionFailure.self) {
        try await world.perform(.restart, "api", of: evil, run: "run-2")
      }
      #expect(failure?.message.hasPrefix("its folder can't be prepared: ") == true)
      #expect(try await world.observe().gaps.isEmpty)
    }
  }

  @Test("A link is replaced and never followed") func aLinkIsReplacedAndNeverFollowed() async throws {
    try await withWorld { world in
      let outside = world.home + "/outside"
      let plain = Workload.of(
        .script("api", "ln -s \(outside)/kept app; ln -s \(outside) out; touch made; exec sleep 1000"))
      let evil = Workload.of(
        .script("api", "exec sleep 1001") { $0.configFiles = [config("/app", "new")] })
      try await world.perform(.create, "api", of: plain)
      let root = world.folder().root(of: "api")
      for _ in 0..<600 where access(root + "/made", F_OK) != 0 {
        try await Task.sleep(for: .milliseconds(50))
      }
      mkdir(outside, 0o700)
      try Files.replace(outside + "/kept", with: Array("kept".utf8), durably: false)
      try await world.perform(.restart, "api", of: evil, run: "run-2")
      #expect(try text(root + "/app") == "new")
      #expect(try text(outside + "/kept") == "kept")
      try await world.perform(.delete, "api", of: evil, run: "run-3")
      #expect(access(root, F_OK) != 0)
      #expect(try text(outside + "/kept") == "kept")
    }
  }

  @Test("A path that leaves the root is refused") func aPathThatLeavesTheRootIsRefused() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "exec sleep 1000") { $0.configFiles = [config("/../../../escaped", "x")] })
      let failure = await #expect(throws: ActionFailure.self) {
        try await world.perform(.create, "api", of: workload)
      }
      #expect(failure?.message == "`/../../../escaped` is not a path within the root folder of `api`")
    }
  }

  // MARK: Volumes

  @Test("Volumes outlive what they are meant to outlive") func volumesOutliveWhatTheyAreMeantToOutlive()
    async throws
  {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "date >> var/data/log; date >> tmp/cache/log; exec sleep 1000") {
          $0.volumes = [volume("data", "/var/data", .persistent), volume("cache", "/tmp/cache", .ephemeral)]
        })
      func count(_ path: String) throws -> Int {
        try text(path)?.split(separator: "\n").count ?? 0
      }
      let data = world.layout.volume("data", ordinal: nil, of: world.key).data + "/log"
      let cache = world.folder().volume("cache") + "/log"
      try await world.perform(.create, "api", of: workload)
      try await world.perform(.replace, "api", of: workload, run: "run-2")
      #expect(try count(data) == 2)
      #expect(try count(cache) == 2)
      try await world.deleteInstance()
      #expect(try count(data) == 2)
      let volumes = try await world.observe().volumes
      #expect(volumes == [ObservedVolume(name: "data", type: .persistent)])
      try await world.perform(.create, "api", of: workload, run: "run-3")
      #expect(try count(data) == 3)
      #expect(try count(cache) == 1)
      try await world.deleteInstance()

      let action = Action(.delete, .volume("data", ordinal: nil))
      try await world.provider.perform(action, in: world.context(nil))
      try await world.provider.perform(action, in: world.context(nil))
      #expect(try await world.observe().volumes.isEmpty)
      #expect(try Files.names(in: world.layout.volumes).isEmpty)
    }
  }

  @Test("Instances of a stateful set have volumes of their own")
  func instancesOfAStatefulSetHaveVolumesOfTheirOwn() async throws {
    try await withWorld { world in
      var workload = Workload.of(
        .script("db", "echo $BERTH_INSTANCE >> data/who; exec sleep 1000") {
          var volume = volume("data", "/data", .persistent)
          volume.size = ByteQuantity("1Gi")
          $0.volumes = [volume]
        })
      workload.kind = .statefulSet
      for ordinal in [0, 1] { try await world.perform(.create, "db", of: workload, instance: ordinal) }
      for ordinal in [0, 1] {
        let path = world.layout.volume("data", ordinal: ordinal, of: world.key).data + "/who"
        #expect(try text(path) == "\(ordinal)\n")
      }
      let size = ByteQuantity("1Gi")
      let volumes = try await world.observe().volumes
      #expect(
        volumes == [
          ObservedVolume(name: "data", ordinal: 0, type: .persistent, size: size),
          ObservedVolume(name: "data", ordinal: 1, type: .persistent, size: size),
        ])
    }
  }

  @Test("A config file can lie within a volume") func aConfigFileCanLieWithinAVolume() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "exec sleep 1000") {
          $0.volumes = [volume("data", "/srv/data", .ephemeral), volume("inner", "/srv/data/in", .ephemeral)]
          $0.configFiles = [config("/srv/data/in/conf/app", "hello")]
        })
      try await world.perform(.create, "api", of: workload)
      #expect(try text(world.folder().volume("inner") + "/conf/app") == "hello")
      let service = try await world.service("api")
      // Where the volume is mounted, only the service sees it at its path.
      let view = "/proc/\(try #require(service.processID))/root" + world.folder().root(of: "api")
      #expect(try text(view + "/srv/data/in/conf/app") == "hello")
      #expect(service.live.service == workload.services[0])
    }
  }

  // MARK: Ports

  @Test("An assigned port stays with its instance") func anAssignedPortStaysWithItsInstance() async throws {
    try await withWorld { world in
      func workload(_ seconds: Int) -> Workload {
        .of(
          .script("api", "exec sleep \(seconds)") {
            var port = Port()
            port.container = 8080
            $0.ports = [port]
          })
      }
      func ports() async throws -> [Int] {
        try await world.observe().instances.flatMap(\.services).flatMap(\.endpoints).map(\.hostPort)
      }
      for instance in [0, 1] {
        try await world.perform(.create, "api", of: workload(1000), instance: instance)
      }
      let before = try await ports()
      #expect(Set(before).count == 2)
      #expect(before.allSatisfy { PortAssignment.assignable.contains($0) })
      try await world.perform(.replace, "api", of: workload(1001), run: "run-2")
      try await world.perform(.restart, "api", of: workload(1001), run: "run-3")
      #expect(try await ports() == before)
      let supervisor = try #require(world.supervisor)
      kill(supervisor, SIGKILL)
      try await world.perform(.create, "api", of: workload(1001), run: "run-4")
      #expect(try await ports() == before)
    }
  }

  @Test("A port that another process uses is a failure") func aPortThatSomebodyElseUsesIsAFailure()
    async throws
  {
    try await withWorld { world in
      let (listener, taken) = try Listener.open()
      defer { close(listener) }
      let workload = Workload.of(
        .script("api", "exec sleep 1000") {
          var port = Port()
          port.container = 80
          port.host = taken
          $0.ports = [port]
        })
      let failure = await #expect(throws: ActionFailure.self) {
        try await world.perform(.create, "api", of: workload)
      }
      #expect(failure?.message.hasPrefix("host port \(taken)/tcp is in use by ") == true)
      let observation = try await world.observe()
      let notes = try await world.provider.assess(workload, as: world.key, given: observation)
      #expect(notes.map(\.code) == [.portTaken])
      #expect(notes.first?.message.contains("(process \(getpid()))") == true)
    }
  }
}
