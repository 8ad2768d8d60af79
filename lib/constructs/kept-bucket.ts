import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type LifecycleRule, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Installation } from '../installation.ts';
import { acknowledge } from './acknowledge.ts';
import { allow } from './allow.ts';

export interface KeptBucketProps {
  readonly installation: Installation;
  /** Days until an object goes. @default never */
  readonly keepDays?: number;
  /** Days of objects below some folders (`plans/`), where they go earlier. @default none */
  readonly shorter?: Readonly<Record<string, number>>;
}

/** A bucket of things written once: versioned, over TLS only, never public, with an end to old versions and broken uploads. */
export class KeptBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { installation, keepDays, shorter = {} }: KeptBucketProps) {
    super(scope, id);
    const { config, local } = installation;
    const ends: LifecycleRule = {
      abortIncompleteMultipartUploadAfter: Duration.days(7),
      noncurrentVersionExpiration: Duration.days(90),
      ...(keepDays !== undefined && { expiration: Duration.days(keepDays) }),
    };
    const earlier = Object.entries(shorter).map(
      ([prefix, days]): LifecycleRule => ({ prefix, expiration: Duration.days(days) }),
    );
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      // MiniStack speaks plain HTTP only and would refuse every call.
      enforceSSL: !local,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [ends, ...earlier],
      removalPolicy: config.disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      // A bucket that holds something cannot go with its stack; the local AWS goes as a whole.
      autoDeleteObjects: config.disposable && !local,
    });
    acknowledge(this.bucket, {
      'AwsSolutions-S1':
        'three functions reach it, each with a role of its own; CloudTrail data events tell who read what',
      ...(local && { 'AwsSolutions-S10': 'the local AWS speaks plain HTTP on the loopback only' }),
    });
  }

  /** `keys` are patterns such as `rollouts/*`. A missing key is told apart from a forbidden one only with `ListBucket`. */
  grantGet(role: Role, ...keys: readonly string[]): void {
    this.#grant(role, 's3:GetObject', keys);
    allow(role, { actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] });
  }

  /** Very the versions that something names, and the newest. */
  grantGetVersion(role: Role, ...keys: readonly string[]): void {
    this.grantGet(role, ...keys);
    this.#grant(role, 's3:GetObjectVersion', keys);
  }

  grantPut(role: Role, ...keys: readonly string[]): void {
    this.#grant(role, 's3:PutObject', keys);
  }

  #grant(role: Role, action: string, keys: readonly string[]): void {
    allow(role, {
      actions: [action],
      resources: keys.map((key) => this.bucket.arnForObjects(key)),
      because: 'keys are made from ids of rollouts and digests, which nobody knows beforehand',
    });
  }
}
