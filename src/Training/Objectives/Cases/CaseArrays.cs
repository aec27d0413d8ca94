using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>The arrays of a fixture as tensors, checked when they are asked for.</summary>
/// <param name="arrays">JSON object of nested lists by name.</param>
/// <param name="problem">Makes the exception of a reason.</param>
internal sealed class CaseArrays(JsonElement arrays, Func<string, Exception> problem)
{
    /// <summary>float64 of this shape; a negative size may be any.</summary>
    public Tensor Numbers(string name, params long[] shape)
    {
        if (!arrays.TryGetProperty(name, out var array))
        {
            throw problem($"the fixture has no array '{name}'");
        }

        var (values, actual) = (new List<double>(), new List<long>());
        Flatten(name, array, 0, values, actual);
        if (actual.Count != shape.Length || actual.Zip(shape).Any(size => size.Second >= 0 && size.First != size.Second))
        {
            throw problem($"'{name}' has the shape [{string.Join(", ", actual)}], not [{string.Join(", ", shape.Select(size => size < 0 ? "any" : $"{size}"))}]");
        }

        return tensor(values.ToArray(), dtype: ScalarType.Float64).reshape(shape.Length == 0 ? [1] : [.. actual]);
    }

    /// <summary>bool of 0 and 1.</summary>
    public Tensor Flags(string name, params long[] shape)
    {
        var numbers = Numbers(name, shape);
        return numbers.data<double>().All(value => value is 0 or 1) ? numbers.to(ScalarType.Bool) : throw problem($"'{name}' must hold nothing but 0 and 1");
    }

    /// <summary>int64 from 0 up to <paramref name="limit"/> where <paramref name="read"/> is true; what stands elsewhere is replaced by 0.</summary>
    public Tensor Indices(string name, long limit, Tensor? read, params long[] shape)
    {
        var numbers = Numbers(name, shape);
        if (read is not null)
        {
            numbers = where(read, numbers, zeros_like(numbers));
        }

        return numbers.data<double>().All(value => value >= 0 && value < limit && value == Math.Floor(value))
            ? numbers.to(ScalarType.Int64)
            : throw problem($"'{name}' must hold whole numbers from 0 to {limit - 1}");
    }

    /// <summary>An error of this fixture.</summary>
    public Exception Problem(string reason) => problem(reason);

    private void Flatten(string name, JsonElement part, int depth, List<double> values, List<long> shape)
    {
        if (part.ValueKind == JsonValueKind.Number)
        {
            if (depth != shape.Count)
            {
                throw problem($"'{name}' is no regular array: numbers stand beside lists");
            }

            values.Add(part.GetDouble());
            return;
        }

        if (part.ValueKind != JsonValueKind.Array || part.GetArrayLength() == 0)
        {
            throw problem($"'{name}' must be nested lists of numbers, none of them empty");
        }

        if (depth == shape.Count)
        {
            if (values.Count > 0)
            {
                throw problem($"'{name}' is no regular array: numbers stand beside lists");
            }

            shape.Add(part.GetArrayLength());
        }
        else if (shape[depth] != part.GetArrayLength())
        {
            throw problem($"'{name}' is no regular array: lists beside each other have {shape[depth]} and {part.GetArrayLength()} elements");
        }

        foreach (var element in part.EnumerateArray())
        {
            Flatten(name, element, depth + 1, values, shape);
        }
    }
}
