/// What becomes of a key of a manifest.
enum KeyUse: Sendable {
  /// It holds one value, which is read, and carried over or told about where that is done.
  case read
  /// It holds a list of values, which are read.
  case texts
  /// It holds values under names, which are read.
  case map
  /// What it holds is told about as a whole where it is read.
  case opaque
  /// It holds an object, whose keys have rows of their own.
  case inside(KeyPlace)
  /// It holds a list of objects, whose keys have rows of their own.
  case each(KeyPlace)
  /// It says nothing that a spec could say: what the server writes, and what is about Kubernetes' own records.
  case meaningless
  /// It has no equivalent, unless it says what holds anyway; what to do about that.
  case lost(String, unless: Set<String> = [])
  /// The spec says it in another way; what to do about that.
  case differs(String, unless: Set<String> = [])
  /// It is read for specs that stay on Kubernetes; what becomes of it for others.
  indirect case kept(otherwise: KeyUse)
}

/// The objects of Kubernetes that are read key by key, as the published schema calls them without their version.
enum KeyPlace: String, CaseIterable, Sendable {
  case deployment = "Deployment"
  case deploymentSpec = "DeploymentSpec"
  case deploymentStrategy = "DeploymentStrategy"
  case rollingUpdateDeployment = "RollingUpdateDeployment"
  case statefulSet = "StatefulSet"
  case statefulSetSpec = "StatefulSetSpec"
  case statefulSetUpdateStrategy = "StatefulSetUpdateStrategy"
  case rollingUpdateStatefulSet = "RollingUpdateStatefulSetStrategy"
  case claimRetention = "StatefulSetPersistentVolumeClaimRetentionPolicy"
  case daemonSet = "DaemonSet"
  case daemonSetSpec = "DaemonSetSpec"
  case daemonSetUpdateStrategy = "DaemonSetUpdateStrategy"
  case replicaSet = "ReplicaSet"
  case replicaSetSpec = "ReplicaSetSpec"
  case pod = "Pod"
  case podTemplateSpec = "PodTemplateSpec"
  case objectMeta = "ObjectMeta"
  case podSpec = "PodSpec"
  case podOS = "PodOS"
  case podDNSConfig = "PodDNSConfig"
  case podDNSConfigOption = "PodDNSConfigOption"
  case hostAlias = "HostAlias"
  case localObjectReference = "LocalObjectReference"
  case podSecurityContext = "PodSecurityContext"
  case securityContext = "SecurityContext"
  case sysctl = "Sysctl"
  case seLinuxOptions = "SELinuxOptions"
  case seccompProfile = "SeccompProfile"
  case appArmorProfile = "AppArmorProfile"
  case capabilities = "Capabilities"
  case container = "Container"
  case containerPort = "ContainerPort"
  case envVar = "EnvVar"
  case envVarSource = "EnvVarSource"
  case envFromSource = "EnvFromSource"
  case configMapEnvSource = "ConfigMapEnvSource"
  case secretEnvSource = "SecretEnvSource"
  case configMapKeySelector = "ConfigMapKeySelector"
  case secretKeySelector = "SecretKeySelector"
  case objectFieldSelector = "ObjectFieldSelector"
  case resourceFieldSelector = "ResourceFieldSelector"
  case lifecycle = "Lifecycle"
  case probe = "Probe"
  case execAction = "ExecAction"
  case httpGetAction = "HTTPGetAction"
  case httpHeader = "HTTPHeader"
  case tcpSocketAction = "TCPSocketAction"
  case grpcAction = "GRPCAction"
  case resourceRequirements = "ResourceRequirements"
  case volumeMount = "VolumeMount"
  case volume = "Volume"
  case emptyDir = "EmptyDirVolumeSource"
  case hostPath = "HostPathVolumeSource"
  case claimSource = "PersistentVolumeClaimVolumeSource"
  case configMapVolume = "ConfigMapVolumeSource"
  case secretVolume = "SecretVolumeSource"
  case keyToPath = "KeyToPath"
  case projectedVolume = "ProjectedVolumeSource"
  case volumeProjection = "VolumeProjection"
  case configMapProjection = "ConfigMapProjection"
  case secretProjection = "SecretProjection"
  case ephemeralVolume = "EphemeralVolumeSource"
  case claimTemplate = "PersistentVolumeClaimTemplate"
  case claim = "PersistentVolumeClaim"
  case claimSpec = "PersistentVolumeClaimSpec"
  case volumeResources = "VolumeResourceRequirements"
  case service = "Service"
  case serviceSpec = "ServiceSpec"
  case servicePort = "ServicePort"
  case configMap = "ConfigMap"
}
