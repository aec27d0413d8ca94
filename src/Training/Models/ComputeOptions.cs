using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Where tensors live.</summary>
public enum DeviceChoice
{
    /// <summary>The first CUDA device where there is one, the CPU otherwise.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>The first CUDA device; its absence is an error.</summary>
    Cuda,
}

/// <summary>The number type of matrix products.</summary>
public enum ComputeType
{
    /// <summary>Single precision.</summary>
    Float32,

    /// <summary>bfloat16 products of float32 master parameters; norms, softmax, the residual stream and every reduction stay float32.</summary>
    Bfloat16,

    /// <summary>Double precision throughout, the parameters too; for checks.</summary>
    Float64,
}

/// <summary>Where and in which precision a model computes.</summary>
public sealed record ComputeOptions
{
    /// <summary>Where.</summary>
    [EnumDataType(typeof(DeviceChoice))] public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    /// <summary>In which number type.</summary>
    [EnumDataType(typeof(ComputeType))] public ComputeType DType { get; init; } = ComputeType.Float32;

    /// <summary>Type of the matrix products.</summary>
    internal ScalarType Product => DType switch
    {
        ComputeType.Bfloat16 => ScalarType.BFloat16,
        ComputeType.Float64 => ScalarType.Float64,
        _ => ScalarType.Float32,
    };

    /// <summary>Type of the parameters, norms and the residual stream.</summary>
    internal ScalarType Master => DType == ComputeType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>The device these options come to on this machine; loads the native part.</summary>
    /// <exception cref="TorchUnavailableException">CUDA is asked for and not there.</exception>
    internal Device Resolve()
    {
        TorchNative.EnsureLoaded();
        if (Device == DeviceChoice.Cpu || (Device == DeviceChoice.Auto && !cuda.is_available()))
        {
            return CPU;
        }

        return cuda.is_available()
            ? CUDA
            : throw new TorchUnavailableException($"No CUDA device is seen by the libtorch in '{TorchNative.Folder}'. Use device cpu, or a libtorch with CUDA (build with -p:TorchBackend=cuda, or set {TorchNative.FolderVariable}).");
    }
}
