import KubernetesAPI
import ProviderKit

/// Why a pod, a controller or a claim does not get on, as the cluster tells it.
typealias Trouble = ControllerTrouble<ObjectReference>
