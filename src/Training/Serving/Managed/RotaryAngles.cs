namespace Agentic.Training;

/// <summary>Cosines and sines of the rotary positions, computed in double; pair i of a head is its entries i and i + D/2 (rotate-half).</summary>
internal sealed class RotaryAngles
{
    private readonly float[] _cos;
    private readonly float[] _sin;
    private readonly int _half;

    public RotaryAngles(TransformerOptions options)
    {
        _half = options.HeadSize / 2;
        _cos = new float[options.ContextLength * _half];
        _sin = new float[options.ContextLength * _half];
        for (var pair = 0; pair < _half; pair++)
        {
            var frequency = options.RotaryFrequency(pair);
            for (var position = 0; position < options.ContextLength; position++)
            {
                var (sin, cos) = Math.SinCos(position * frequency);
                (_cos[(position * _half) + pair], _sin[(position * _half) + pair]) = ((float)cos, (float)sin);
            }
        }
    }

    /// <summary>Turns one head in place.</summary>
    public void Turn(Span<float> head, int position)
    {
        var cos = _cos.AsSpan(position * _half, _half);
        var sin = _sin.AsSpan(position * _half, _half);
        var first = head[.._half];
        var second = head.Slice(_half, _half);
        for (var pair = 0; pair < cos.Length; pair++)
        {
            var (x, y) = (first[pair], second[pair]);
            first[pair] = (x * cos[pair]) - (y * sin[pair]);
            second[pair] = (y * cos[pair]) + (x * sin[pair]);
        }
    }
}
