// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectValidator {
    /// Checks what is particular to a kind; `old` is nil on create.
    mutating func checkKind(_ kind: BuiltInTypes.Kind, _ object: Fields, old: Fields?) {
        switch kind.kind {
        case "Pod": checkPod(object, old: old)
        case "PodTemplate": checkTemplate(object.template, FieldPath("template"))
        case "Deployment": checkDeployment(object, old: old)
        case "ReplicaSet": checkReplicaSet(object, old: old)
        case "DaemonSet": checkDaemonSet(object, old: old)
        case "StatefulSet": checkStatefulSet(object, old: old)
        case "ReplicationController": checkReplicationController(object)
        case "Job": checkJob(object, old: old)
        case "CronJob": checkCronJob(object)
        case "Service": checkService(object, old: old)
        case "ConfigMap": checkConfigMap(object, old: old)
        case "Secret": checkSecret(object, old: old)
        case "PersistentVolumeClaim": checkClaim(object, old: old)
        case "PersistentVolume": checkVolumeObject(object, old: old)
        case "StorageClass": checkStorageClass(object, old: old)
        case "Ingress": checkIngress(object)
        case "IngressClass": checkIngressClass(object, old: old)
        case "NetworkPolicy": checkNetworkPolicy(object)
        case "Role", "ClusterRole": checkRole(object, isClusterScoped: kind.kind == "ClusterRole")
        case "RoleBinding", "ClusterRoleBinding":
            checkBinding(object, old: old, isClusterScoped: kind.kind == "ClusterRoleBinding")
        case "PodDisruptionBudget": checkDisruptionBudget(object)
        case "HorizontalPodAutoscaler": checkAutoscaler(object)
        case "PriorityClass": checkPriorityClass(object, old: old)
        case "ResourceQuota": checkResourceQuota(object)
        case "LimitRange": checkLimitRange(object)
        case "Lease": checkLease(object)
        case "Event": checkEvent(object)
        case "Endpoints": checkEndpoints(object)
        case "EndpointSlice": checkEndpointSlice(object, old: old)
        case "ValidatingWebhookConfiguration": checkWebhooks(object, isMutating: false)
        case "MutatingWebhookConfiguration": checkWebhooks(object, isMutating: true)
        case "CustomResourceDefinition": checkDefinition(object, old: old)
        default: break
        }
    }
}
