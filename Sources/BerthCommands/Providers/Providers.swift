import DockerProvider
import Foundation
import KubernetesProvider
import LocalProvider
import MockProvider
import NomadProvider
import ObjectStore
import ProviderKit
import TmuxProvider

/// The one place that knows which providers there are.
enum Providers {
  static let registry: ProviderRegistry = {
    var registry = ProviderRegistry()
    registry.register(LocalProvider.name, summary: LocalProvider.summary) { target in
      let home = Environment.home + "/local"
      return LocalProvider(
        home: home, store: target.store ?? LocalStore(path: home + "/berth.db", limits: target.history),
        region: target.region, zone: target.zone)
    }
    registry.register(
      DockerProvider.name, summary: DockerProvider.summary, options: OptionsDeclaration(DockerTarget.self),
      engineFields: DockerFields.all
    ) { DockerProvider($0, environment: Environment.all) }
    registry.register(
      KubernetesProvider.name, summary: KubernetesProvider.summary,
      options: OptionsDeclaration(KubernetesTarget.self), engineFields: KubernetesFields.all
    ) { target in
      KubernetesProvider(
        target, environment: Environment.all, isInteractive: isatty(0) == 1,
        workingDirectory: FileManager.default.currentDirectoryPath)
    }
    registry.register(
      NomadProvider.name, summary: NomadProvider.summary, options: OptionsDeclaration(NomadTarget.self),
      engineFields: NomadFields.all
    ) { target in
      NomadProvider(
        target, environment: Environment.all, workingDirectory: FileManager.default.currentDirectoryPath,
        secrets: Vaults.resolvers.joined)
    }
    registry.register(
      MockProvider.name, summary: MockProvider.summary, options: OptionsDeclaration(MockTarget.self)
    ) { target in
      let folder = MachinesFolder(target.own(MockTarget.self).folder, of: target.name, MockProvider.name)
      return MockProvider(
        folder: folder.machines, target: target.own(MockTarget.self),
        store: target.store ?? LocalStore(path: folder.history, limits: target.history),
        region: target.region, zone: target.zone)
    }
    registry.registerStore(S3Store.self, summary: BucketKeeper.summary) {
      BucketKeeper($0, environment: Environment.all)
    }
    registry.register(
      TmuxProvider.name, summary: TmuxProvider.summary, options: OptionsDeclaration(TmuxTarget.self)
    ) { target in
      let own = target.own(TmuxTarget.self)
      let folder = MachinesFolder(own.folder, of: target.name, TmuxProvider.name)
      return TmuxProvider(
        socket: own.socket ?? "berth-\(target.name)", folder: folder.machines, target: own,
        store: target.store ?? LocalStore(path: folder.history, limits: target.history),
        searchPath: Environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin", region: target.region,
        zone: target.zone)
    }
    return registry
  }()
}
