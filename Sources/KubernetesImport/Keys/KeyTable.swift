/// What becomes of each key of the objects that are read.
enum KeyTable {
  /// What becomes of each key, by the place that it stands at.
  static let rows: [KeyPlace: [String: KeyUse]] = [controllers, pods, containers, volumes, services].reduce(
    into: [:]) {
      $0.merge($1) { first, _ in first }
    }

  /// What every object has at its top.
  private static func object(_ rows: [String: KeyUse]) -> [String: KeyUse] {
    rows.merging([
      "apiVersion": .read, "kind": .read, "metadata": .inside(.objectMeta), "status": .meaningless,
    ]) { first, _ in first }
  }

  private static let settles =
    "an instance counts as ready by its `healthCheck`, or when it ran for a settled moment"

  // MARK: Controllers

  private static let controllers: [KeyPlace: [String: KeyUse]] = [
    .deployment: object(["spec": .inside(.deploymentSpec)]),
    .deploymentSpec: [
      "replicas": .read, "selector": .meaningless, "template": .inside(.podTemplateSpec),
      "strategy": .inside(.deploymentStrategy), "revisionHistoryLimit": .kept(otherwise: .meaningless),
      "rollbackTo": .meaningless,
      "minReadySeconds": .lost(settles, unless: ["0"]),
      "progressDeadlineSeconds": .lost(
        "give an apply its time by `--timeout`", unless: ["600", "2147483647"]),
      "paused": .lost("pause a rollout by `berth apply --pause`", unless: ["false"]),
    ],
    .deploymentStrategy: ["type": .read, "rollingUpdate": .inside(.rollingUpdateDeployment)],
    .rollingUpdateDeployment: ["maxSurge": .read, "maxUnavailable": .read],
    .statefulSet: object(["spec": .inside(.statefulSetSpec)]),
    .statefulSetSpec: [
      "replicas": .read, "selector": .meaningless, "serviceName": .read,
      "template": .inside(.podTemplateSpec),
      "volumeClaimTemplates": .each(.claim), "updateStrategy": .inside(.statefulSetUpdateStrategy),
      "revisionHistoryLimit": .kept(otherwise: .meaningless),
      "minReadySeconds": .lost(settles, unless: ["0"]),
      "podManagementPolicy": .differs(
        "instances of a stateful set start in order and stop in reverse", unless: ["OrderedReady"]),
      "ordinals": .lost("instances are numbered from 0"),
      "persistentVolumeClaimRetentionPolicy": .inside(.claimRetention),
    ],
    .statefulSetUpdateStrategy: ["type": .read, "rollingUpdate": .inside(.rollingUpdateStatefulSet)],
    .rollingUpdateStatefulSet: [
      "maxUnavailable": .lost("instances of a stateful set change one after the other", unless: ["1", "0"]),
      "partition": .lost(
        "change a few instances first by `strategy: {type: canary}` of a deployment", unless: ["0"]),
    ],
    .claimRetention: [
      "whenDeleted": .lost("volumes stay until `berth destroy --volumes`", unless: ["Retain"]),
      "whenScaled": .lost("volumes stay until `berth destroy --volumes`", unless: ["Retain"]),
    ],
    .daemonSet: object(["spec": .inside(.daemonSetSpec)]),
    .daemonSetSpec: [
      "selector": .meaningless, "template": .inside(.podTemplateSpec), "templateGeneration": .meaningless,
      "updateStrategy": .inside(.daemonSetUpdateStrategy), "revisionHistoryLimit": .meaningless,
      "minReadySeconds": .lost(settles, unless: ["0"]),
    ],
    .daemonSetUpdateStrategy: ["type": .read, "rollingUpdate": .meaningless],
    .replicaSet: object(["spec": .inside(.replicaSetSpec)]),
    .replicaSetSpec: [
      "replicas": .read, "selector": .meaningless, "template": .inside(.podTemplateSpec),
      "minReadySeconds": .lost(settles, unless: ["0"]),
    ],
    .pod: object(["spec": .inside(.podSpec)]),
    .podTemplateSpec: ["metadata": .inside(.objectMeta), "spec": .inside(.podSpec)],
    .objectMeta: [
      "name": .read, "generateName": .read, "namespace": .read, "labels": .map, "annotations": .map,
      "ownerReferences": .opaque, "clusterName": .meaningless, "creationTimestamp": .meaningless,
      "deletionGracePeriodSeconds": .meaningless, "deletionTimestamp": .meaningless,
      "finalizers": .meaningless,
      "generation": .meaningless, "managedFields": .meaningless, "resourceVersion": .meaningless,
      "selfLink": .meaningless, "uid": .meaningless,
    ],
  ]

  // MARK: Pods

  private static let scheduling = "which machine runs an instance is chosen by the target"
  private static let devices = "list devices under `security.devices`, graphics processors as `resources.gpu`"
  private static let windows = "it is for Windows"

  private static let pods: [KeyPlace: [String: KeyUse]] = [
    .podSpec: [
      "containers": .each(.container), "initContainers": .each(.container), "volumes": .each(.volume),
      "securityContext": .inside(.podSecurityContext), "imagePullSecrets": .each(.localObjectReference),
      "hostAliases": .each(.hostAlias), "dnsConfig": .inside(.podDNSConfig), "os": .inside(.podOS),
      "hostIPC": .read, "hostNetwork": .read, "hostPID": .read, "hostname": .read, "hostnameOverride": .read,
      "nodeName": .read, "nodeSelector": .map, "restartPolicy": .read, "terminationGracePeriodSeconds": .read,
      "tolerations": .opaque,
      "automountServiceAccountToken": .meaningless, "dnsPolicy": .kept(otherwise: .meaningless),
      "enableServiceLinks": .meaningless,
      "serviceAccount": .meaningless, "overhead": .meaningless,
      "serviceAccountName": .kept(
        otherwise: .differs(
          "a service has no account: a program that asks Kubernetes for something needs credentials of its own",
          unless: ["default", ""])),
      "activeDeadlineSeconds": .lost("let the program end by itself"),
      "affinity": .kept(otherwise: .lost(scheduling)),
      "topologySpreadConstraints": .kept(otherwise: .lost(scheduling)),
      "schedulerName": .lost(scheduling, unless: ["default-scheduler"]), "schedulingGates": .lost(scheduling),
      "schedulingGroup": .lost(scheduling), "priorityClassName": .kept(otherwise: .lost(scheduling)),
      "priority": .lost(scheduling, unless: ["0"]),
      "preemptionPolicy": .lost(scheduling, unless: ["PreemptLowerPriority"]),
      "readinessGates": .lost(settles), "evictionResponders": .lost("nothing evicts an instance"),
      "ephemeralContainers": .lost("look into a service by `berth exec`"),
      "resourceClaims": .lost(devices), "resources": .lost("state the `resources` of each service"),
      "hostUsers": .lost("a target's engine decides whose users a service has", unless: ["true"]),
      "runtimeClassName": .lost("write `runtime` with the engine's own name of it"),
      "setHostnameAsFQDN": .lost("write the whole name as `hostname`", unless: ["false"]),
      "shareProcessNamespace": .lost("let each program watch its own processes", unless: ["false"]),
      "subdomain": .lost("instances have no names of their own for others"),
    ],
    .podOS: ["name": .lost(windows, unless: ["linux"])],
    .podDNSConfig: [
      "nameservers": .texts, "searches": .texts, "options": .each(.podDNSConfigOption),
    ],
    .podDNSConfigOption: ["name": .read, "value": .read],
    .hostAlias: ["hostnames": .texts, "ip": .read],
    .localObjectReference: ["name": .read],
    .podSecurityContext: [
      "runAsUser": .read, "runAsGroup": .read, "runAsNonRoot": .read, "supplementalGroups": .texts,
      "fsGroup": .read,
      "sysctls": .each(.sysctl), "seLinuxOptions": .inside(.seLinuxOptions),
      "seccompProfile": .inside(.seccompProfile), "appArmorProfile": .inside(.appArmorProfile),
      "fsGroupChangePolicy": .meaningless, "seLinuxChangePolicy": .meaningless,
      "supplementalGroupsPolicy": .lost("list the `groups` that it is to have", unless: ["Merge"]),
      "windowsOptions": .lost(windows),
    ],
    .securityContext: [
      "runAsUser": .read, "runAsGroup": .read, "runAsNonRoot": .read, "allowPrivilegeEscalation": .read,
      "privileged": .read, "readOnlyRootFilesystem": .read, "capabilities": .inside(.capabilities),
      "seLinuxOptions": .inside(.seLinuxOptions), "seccompProfile": .inside(.seccompProfile),
      "appArmorProfile": .inside(.appArmorProfile),
      "procMount": .lost("a service sees `/proc` as the engine shows it", unless: ["Default"]),
      "windowsOptions": .lost(windows),
    ],
    .sysctl: ["name": .read, "value": .read],
    .seLinuxOptions: ["level": .read, "role": .read, "type": .read, "user": .read],
    .seccompProfile: ["type": .read, "localhostProfile": .read],
    .appArmorProfile: ["type": .read, "localhostProfile": .read],
    .capabilities: ["add": .texts, "drop": .texts],
  ]

  // MARK: Containers

  private static let probeHost = "a check asks the service itself"

  private static let containers: [KeyPlace: [String: KeyUse]] = [
    .container: [
      "name": .read, "image": .read, "imagePullPolicy": .read, "command": .texts, "args": .texts,
      "workingDir": .read,
      "env": .each(.envVar), "envFrom": .each(.envFromSource), "ports": .each(.containerPort),
      "volumeMounts": .each(.volumeMount), "resources": .inside(.resourceRequirements),
      "securityContext": .inside(.securityContext), "lifecycle": .inside(.lifecycle),
      "readinessProbe": .inside(.probe), "livenessProbe": .inside(.probe), "startupProbe": .inside(.probe),
      "restartPolicy": .read, "stdin": .read, "tty": .read,
      "resizePolicy": .meaningless, "terminationMessagePath": .meaningless,
      "terminationMessagePolicy": .meaningless,
      "restartPolicyRules": .lost("`restart` says when a service starts again"),
      "stdinOnce": .lost("standard input stays open with `stdin`", unless: ["false"]),
      "volumeDevices": .lost("list devices of the machine under `security.devices`"),
    ],
    .containerPort: [
      "containerPort": .read, "protocol": .read, "hostPort": .read, "hostIP": .read, "name": .read,
    ],
    .envVar: ["name": .read, "value": .read, "valueFrom": .inside(.envVarSource)],
    .envVarSource: [
      "configMapKeyRef": .inside(.configMapKeySelector), "secretKeyRef": .inside(.secretKeySelector),
      "fieldRef": .inside(.objectFieldSelector), "resourceFieldRef": .inside(.resourceFieldSelector),
      "fileKeyRef": .lost("let the program read the file"),
    ],
    .envFromSource: [
      "configMapRef": .inside(.configMapEnvSource), "secretRef": .inside(.secretEnvSource), "prefix": .read,
    ],
    .configMapEnvSource: ["name": .read, "optional": .read],
    .secretEnvSource: ["name": .read, "optional": .read],
    .configMapKeySelector: ["name": .read, "key": .read, "optional": .read],
    .secretKeySelector: ["name": .read, "key": .read, "optional": .read],
    .objectFieldSelector: ["fieldPath": .read, "apiVersion": .meaningless],
    .resourceFieldSelector: ["resource": .read, "containerName": .read, "divisor": .read],
    .lifecycle: [
      "postStart": .lost("let the program do it when it starts, or run it by `berth exec` after an apply"),
      "preStop": .kept(
        otherwise: .lost("let the program do it when it is asked to stop, within `stopGrace`")),
      "stopSignal": .read,
    ],
    .probe: [
      "exec": .inside(.execAction), "httpGet": .inside(.httpGetAction),
      "tcpSocket": .inside(.tcpSocketAction),
      "grpc": .inside(.grpcAction), "initialDelaySeconds": .read, "periodSeconds": .read,
      "timeoutSeconds": .read,
      "failureThreshold": .read,
      "successThreshold": .lost("the first check that passes makes a service ready", unless: ["1"]),
      "terminationGracePeriodSeconds": .lost("`stopGrace` holds always"),
    ],
    .execAction: ["command": .texts],
    .httpGetAction: [
      "path": .read, "port": .read, "scheme": .read, "httpHeaders": .each(.httpHeader),
      "host": .lost(probeHost), "protocol": .lost("a check asks by HTTP/1.1"),
    ],
    .httpHeader: ["name": .read, "value": .read],
    .tcpSocketAction: ["port": .read, "host": .lost(probeHost)],
    .grpcAction: ["port": .read, "service": .read, "mode": .lost("a check asks without TLS")],
    .resourceRequirements: ["limits": .map, "requests": .map, "claims": .lost(devices)],
    .volumeMount: [
      "name": .read, "mountPath": .read, "readOnly": .read, "subPath": .read, "subPathExpr": .read,
      "mountPropagation": .read,
      "recursiveReadOnly": .lost("`readOnly` holds for the volume", unless: ["Disabled"]),
      "bindMountOptions": .lost("a volume can be `readOnly`, and nothing else"),
    ],
  ]

  // MARK: Volumes

  private static let driver =
    "write `type: external` for a volume of the engine, or a `driver` with its options"

  private static let volumes: [KeyPlace: [String: KeyUse]] = [
    .volume: [
      "name": .read, "emptyDir": .inside(.emptyDir), "hostPath": .inside(.hostPath),
      "persistentVolumeClaim": .inside(.claimSource), "configMap": .inside(.configMapVolume),
      "secret": .inside(.secretVolume), "projected": .inside(.projectedVolume),
      "ephemeral": .inside(.ephemeralVolume), "downwardAPI": .opaque,
    ].merging(
      // Storage that a cluster's drivers know.
      [
        "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc", "flexVolume",
        "flocker",
        "gcePersistentDisk", "gitRepo", "glusterfs", "image", "iscsi", "nfs", "photonPersistentDisk",
        "portworxVolume", "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume",
      ].map { ($0, .opaque) }
    ) { first, _ in first },
    .emptyDir: ["medium": .read, "sizeLimit": .read, "mode": .read],
    .hostPath: ["path": .read, "type": .read],
    .claimSource: ["claimName": .read, "readOnly": .read],
    .configMapVolume: [
      "name": .read, "items": .each(.keyToPath), "defaultMode": .read, "defaultUser": .read,
      "optional": .read,
    ],
    .secretVolume: [
      "secretName": .read, "items": .each(.keyToPath), "defaultMode": .read, "defaultUser": .read,
      "optional": .read,
    ],
    .keyToPath: ["key": .read, "path": .read, "mode": .read, "user": .read],
    .projectedVolume: ["defaultMode": .read, "defaultUser": .read, "sources": .each(.volumeProjection)],
    .volumeProjection: [
      "configMap": .inside(.configMapProjection), "secret": .inside(.secretProjection),
      "downwardAPI": .opaque,
      "serviceAccountToken": .opaque, "clusterTrustBundle": .opaque, "podCertificate": .opaque,
    ],
    .configMapProjection: ["name": .read, "items": .each(.keyToPath), "optional": .read],
    .secretProjection: ["name": .read, "items": .each(.keyToPath), "optional": .read],
    .ephemeralVolume: ["volumeClaimTemplate": .inside(.claimTemplate), "readOnly": .read],
    .claimTemplate: ["metadata": .inside(.objectMeta), "spec": .inside(.claimSpec)],
    .claim: object(["spec": .inside(.claimSpec)]),
    .claimSpec: [
      "accessModes": .texts, "resources": .inside(.volumeResources),
      "storageClassName": .kept(
        otherwise: .differs(
          "the engine keeps it where it keeps volumes; another place is a `driver`", unless: [""])),
      "volumeName": .meaningless, "volumeMode": .lost(driver, unless: ["Filesystem"]),
      "selector": .lost(driver), "dataSource": .lost("fill the volume by an init"),
      "dataSourceRef": .lost("fill the volume by an init"), "volumeAttributesClassName": .lost(driver),
    ],
    .volumeResources: ["requests": .map, "limits": .lost("`size` says how large it is")],
    .configMap: [
      "apiVersion": .read, "kind": .read, "metadata": .inside(.objectMeta), "data": .map, "binaryData": .map,
      "immutable": .meaningless,
    ],
  ]

  // MARK: Services

  private static let services: [KeyPlace: [String: KeyUse]] = [
    .service: object(["spec": .inside(.serviceSpec)]),
    .serviceSpec: [
      "type": .read, "selector": .map, "ports": .each(.servicePort), "clusterIP": .read,
      "externalName": .read,
      "loadBalancerSourceRanges": .texts, "clusterIPs": .meaningless, "ipFamilies": .meaningless,
      "ipFamily": .meaningless,
      "ipFamilyPolicy": .meaningless, "internalTrafficPolicy": .meaningless,
      "externalTrafficPolicy": .kept(otherwise: .meaningless),
      "healthCheckNodePort": .meaningless, "allocateLoadBalancerNodePorts": .meaningless,
      "loadBalancerClass": .meaningless, "trafficDistribution": .meaningless, "topologyKeys": .meaningless,
      "publishNotReadyAddresses": .meaningless, "sessionAffinityConfig": .meaningless,
      "sessionAffinity": .lost(
        "let the program keep sessions where every instance finds them", unless: ["None"]),
      "externalIPs": .lost("write the host's `address` at the port"),
      "loadBalancerIP": .lost("write the host's `address` at the port"),
    ],
    .servicePort: [
      "name": .read, "port": .read, "targetPort": .read, "protocol": .read, "nodePort": .read,
      "appProtocol": .kept(otherwise: .meaningless),
    ],
  ]
}
