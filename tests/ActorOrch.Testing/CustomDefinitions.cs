using System.Text.Json.Nodes;

namespace ActorOrch.Testing;

/// <summary>Documents of CustomResourceDefinitions.</summary>
public static class CustomDefinitions
{
    /// <summary>Widgets of <c>example.com</c>: namespaced, with a schema of every kind of field, a status and a scale.</summary>
    public static JsonObject Widgets(string plural = "widgets", string kind = "Widget") => JsonNode.Parse("""
        {
          "metadata": {"name": "PLURAL.example.com"},
          "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"plural": "PLURAL", "singular": "SINGULAR", "kind": "KIND", "listKind": "KINDList", "shortNames": ["SHORT"], "categories": ["all"]},
            "versions": [
              {
                "name": "v1",
                "served": true,
                "storage": true,
                "subresources": {"status": {}, "scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas", "labelSelectorPath": ".status.selector"}},
                "additionalPrinterColumns": [
                  {"name": "Replicas", "type": "integer", "jsonPath": ".spec.replicas"},
                  {"name": "Ready", "type": "string", "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"},
                  {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}
                ],
                "schema": {
                  "openAPIV3Schema": {
                    "type": "object",
                    "description": "A widget.",
                    "properties": {
                      "spec": {
                        "type": "object",
                        "required": ["size"],
                        "properties": {
                          "size": {"type": "string", "enum": ["small", "large"], "description": "How large it is."},
                          "replicas": {"type": "integer", "format": "int32", "minimum": 0, "default": 1},
                          "ratio": {"type": "number"},
                          "enabled": {"type": "boolean", "default": true},
                          "port": {"x-kubernetes-int-or-string": true},
                          "note": {"type": "string", "nullable": true, "maxLength": 20, "pattern": "^[a-z ]*$"},
                          "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                          "limits": {"type": "object", "x-kubernetes-map-type": "atomic", "additionalProperties": {"x-kubernetes-int-or-string": true}},
                          "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {"known": {"type": "object", "properties": {"a": {"type": "string"}}}}},
                          "template": {"type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true},
                          "tags": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
                          "args": {"type": "array", "items": {"type": "string"}},
                          "parts": {
                            "type": "array",
                            "x-kubernetes-list-type": "map",
                            "x-kubernetes-list-map-keys": ["name"],
                            "items": {
                              "type": "object",
                              "required": ["name"],
                              "properties": {"name": {"type": "string"}, "weight": {"type": "integer", "default": 10}, "colour": {"type": "string"}}
                            }
                          }
                        }
                      },
                      "status": {
                        "type": "object",
                        "properties": {
                          "replicas": {"type": "integer"},
                          "selector": {"type": "string"},
                          "conditions": {
                            "type": "array",
                            "x-kubernetes-list-type": "map",
                            "x-kubernetes-list-map-keys": ["type"],
                            "items": {"type": "object", "properties": {"type": {"type": "string"}, "status": {"type": "string"}}}
                          }
                        }
                      }
                    }
                  }
                }
              }
            ]
          }
        }
        """.Replace("PLURAL", plural, StringComparison.Ordinal).Replace("SINGULAR", kind.ToLowerInvariant(), StringComparison.Ordinal)
        .Replace("SHORT", plural[..2], StringComparison.Ordinal).Replace("KIND", kind, StringComparison.Ordinal))!.AsObject();
}
