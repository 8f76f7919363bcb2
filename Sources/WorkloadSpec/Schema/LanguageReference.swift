import Diagnostics

/// The reference of the language as Markdown, made from its declaration.
public enum LanguageReference {
  /// The whole reference, ending in a line break.
  ///
  /// - Parameter engines: what engines declare for `on`.
  public static func markdown(on engines: [EngineFields]) -> String {
    var sections: [String] = [introduction]
    var names: Set<String> = []
    sections += ObjectReference.sections(of: Workload.schema.description, besides: &names)
    sections.append(onEngines)
    for engine in engines {
      for place in engine.places {
        if let block = engine[place] { sections += ObjectReference.sections(of: block, besides: &names) }
      }
    }
    sections.append(diagnostics)
    return sections.joined(separator: "\n\n") + "\n"
  }

  private static let introduction = """
    # The language

    <!-- Made from the language's declaration in Sources/WorkloadSpec; a test keeps it current. -->

    A spec is a YAML file of one or more documents, each a workload:

    ```yaml
    name: shop
    replicas: 3
    variables:
      - {name: tag, default: "2.4.1", description: release of the api}
    services:
      - name: migrate
        role: init
        image: registry.example.com/shop/migrate:${var.tag}
        command: [/bin/migrate, --up]
      - name: api
        image: registry.example.com/shop/api:${var.tag}
        env: {LOG_LEVEL: info}
        ports: [{container: 8080}]
        healthCheck: {path: /healthz, port: 8080}
      - name: envoy
        role: sidecar
        image: envoyproxy/envoy:v1.30
    ```

    * **What a workload holds** is `services`; or, in a `machine_group`, a `machine` for each instance; or, in an
      `object_set`, the `objects` of an engine. A plan for an engine that has no machines, or no such objects,
      is refused with the capability that it lacks (`machines`, `objects`): processes of this machine and Docker
      have neither.
    * **Texts** are taken as they are written: `1.10` stays `1.10`, and `yes` stays `yes`. Truth values are
      `true` and `false`, and no other words. Whole numbers are decimal digits.
    * **Amounts** have a unit: `256Mi`, `1Gi`, `500M` of memory; `500m` (thousandths) or `2` of processor
      cores; `10s`, `1m30s`, `250ms` of time.
    * **What is not set is not owned**: it is neither sent to the engine, nor compared, nor reset. A key with
      nothing or `null` behind it is not set.
    * **Order** does not matter in lists whose elements are told apart by a key of theirs, nor in `dependsOn`.
      In `command`, `args` and `values` it does.
    * **Variables** are declared under `variables` and stand in texts as `${var.NAME}`. A value comes from
      `--var NAME=VALUE`, else from `--var-file`, else from the environment variable `BERTH_VAR_NAME`, else
      from the default. In a default may stand other variables, and `${workload.name}`, `${namespace}` and `${target}`,
      so that one file has what differs from target to target; with one more `$` before them they are meant as they
      are, and any other `${` is. A `pattern` is a regular expression without back-references and looking around, and
      matches the whole value. A variable of type `secret` holds a reference (`env:NAME`, `file:PATH` or a key of
      the vault), never the secret itself. It may stand in `env` and in the `content` of config files only, where
      `${secret.KEY}` is the same without a variable; the value is filled in when the service is handed it, and
      stored nowhere. `${root}` is the folder that stands for a service's root on this machine. `$${` is a
      `${` as it is.
    * **Addresses**: `${address.SERVICE.PORT}` is where another service of the workload is reached, as `HOST:PORT`, with
      the port's number inside of the instance; `${host.SERVICE}` and `${port.SERVICE.PORT}` are the two parts. A service
      of another workload of the namespace is `WORKLOAD/SERVICE`. They stand in `command`, `args`, `env`, the `content` of
      config files and the `command` of a health check. Each provider fills in what is right on its engine: on local
      processes `127.0.0.1` and the port of the machine that the service was given, on Docker names and the ports
      inside. So one file fits all, and `${port.SERVICE.PORT}` of a service itself is the port on which it has to
      listen. A reference is a dependency: of services as if `dependsOn` named it, of workloads likewise. Releases hold the
      reference; if what it leads to moves, the plan says so, and the service is restarted.
    * **Layers**: `-f` can be given several times, each time a file, a folder, a pattern or `-`. A later one is
      merged over the earlier ones by the name of the workload, before defaults: mappings by key, lists of
      objects by what tells their elements apart, anything else is replaced, and `null` takes a key away. In
      a later layer, an element with `$patch: delete` is taken away, and one with `$patch: replace` is taken as
      it is instead of merged; it is an error if no earlier layer has it. Within one `-f`, a name stands once.
    * **When services start**: inits first, each to success; then main and sidecars, each when what it depends
      on is ready. A sidecar starts after main, unless main depends on it.
    * **What a change costs** on a running service is stated below as the least that it costs: *in place*
      (it does not notice), *restart* (its process is started anew) or *replace* (it gets a new file system
      too). An engine may have to do more, and the plan says so.
    """

  private static let onEngines = """
    ## What only one engine knows

    Under `on`, at a workload, a service, a volume or a port, stand fields that only one engine has, below the name of
    its provider:

    ```yaml
    name: shop
    services:
      - name: api
        image: registry.example.com/shop/api:2.4
        on: {docker: {cpuShares: 512}}
    ```

    They are checked like all others, whatever the target is. A target uses the block of its own engine, and leaves the
    blocks of others alone: they are kept in the release, and changing one changes nothing that runs. These are the
    fields of the engines that this berth knows:
    """

  private static let diagnostics: String = {
    let rows = DiagnosticCode.allCases.map { "| \($0.rawValue) | \($0.title) |" }
    return
      "## Diagnostics\n\n`berth explain CODE` tells more about each.\n\n| code | what is wrong |\n| --- | --- |\n"
      + rows.joined(separator: "\n")
  }()
}
