using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Questions as they are kept with a collection: every field, snake_case.</summary>
internal static class QuestionJson
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
    };

    public static string Write(Question question) => JsonSerializer.Serialize(question, Json);

    public static Question Read(string json) => JsonSerializer.Deserialize<Question>(json, Json)!;
}
